using System.Text.Json;

namespace Sinter.Cli.Tests;

/// <summary>Runs of the task classify, and what their models say.</summary>
public sealed class PredictTests : IDisposable
{
    private const string Recipe = """
        task: { name: classify, class_weights: balanced }
        data: { text: mails.csv, column: body, tokenizer: { kind: bpe, vocab_size: 300 }, validation_fraction: 0.2 }
        model: { architecture: gpt2, num_layers: 1, num_heads: 2, hidden_size: 16, context_length: 32, dropout: 0.1 }
        training: { max_steps: 120, batch_size: 16, optimizer: { name: adamw, learning_rate: 0.01 }, eval_every: 20, save_every: 5, threads: 2 }
        """;

    private readonly Workspace _workspace = new();

    public PredictTests()
    {
        File.WriteAllLines(_workspace["mails.csv"], ["body,label", .. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? $"buy {i} now,spam" : $"\"hello, {i}\",ham")]);
        File.WriteAllText(_workspace["mails.yaml"], Recipe);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_text_a_file_and_lines_are_judged_alike()
    {
        Assert.Contains("predict run", _workspace.Run("train", "mails.yaml", "--run", "run").Expect(0).Output);
        Assert.StartsWith("spam 0.9", _workspace.Run("predict", "run", "--text", "buy 7 now").Expect(0).Output);
        var one = _workspace.Run("predict", "run", "--text", "hello, 3", "--json").Expect(0).Json();
        Assert.Equal("ham", one.GetProperty("label").GetString());
        Assert.Equal(1, one.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()), 1e-5);
        var file = Labels(_workspace.Run("predict", "run", "--data", "mails.csv", "--column", "body", "--json").Expect(0).Output);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "spam" : "ham"), file);
        using var process = Cli.Start(_workspace.Folder, "predict", "run", "--json");
        process.StandardInput.Write("buy 1 now\n\nhello, 2\n");
        process.StandardInput.Close();
        Assert.Equal(["spam", "ham"], Labels(Cli.Wait(process).Expect(0).Output));
        Assert.Contains("sinter predict MODEL", File.ReadAllText(_workspace["run/model/README.md"]));
        Assert.Contains("no language model", _workspace.Run("generate", "run", "--prompt", "x").Expect(1).Error);
        Assert.Contains("not both", _workspace.Run("predict", "run", "--text", "x", "--data", "mails.csv").Expect(2).Error);
        Assert.Contains("no column 'text'; it has body, label", _workspace.Run("predict", "run", "--data", "mails.csv").Expect(1).Error);
    }

    [Fact]
    public void Labels_are_those_that_the_model_was_judged_by()
    {
        File.WriteAllText(_workspace["sets.yaml"], Recipe.Replace("classify, class_weights: balanced", "classify, multi_label: true, threshold: 0.03").Replace("max_steps: 120", "max_steps: 30"));
        _workspace.Run("train", "sets.yaml", "--run", "run").Expect(0);
        Assert.Equal(0.03, JsonDocument.Parse(File.ReadAllText(_workspace["run/model/config.json"])).RootElement.GetProperty("label_threshold").GetDouble());
        Assert.Equal(2, Chosen());
        Assert.Equal(0, Chosen("--threshold", "0.9999"));

        int Chosen(params string[] arguments) =>
            _workspace.Run(["predict", "run", "--text", "hello, 3 buy", "--json", .. arguments]).Expect(0).Json().GetProperty("labels").GetArrayLength();
    }

    [Fact]
    public void Killed_and_resumed_it_gives_the_same_bits()
    {
        _workspace.Run("train", "mails.yaml", "--run", "whole").Expect(0);
        using var process = Cli.Start(_workspace.Folder, "train", "mails.yaml", "--run", "killed");
        Cli.WaitForLines(process, _workspace["killed/metrics.jsonl"], 12);
        process.Kill();
        process.WaitForExit();
        _workspace.Run("train", "--run", "killed", "--resume").Expect(0);
        RunComparison.AssertSame(_workspace["whole"], _workspace["killed"]);
    }

    [Fact]
    public void An_encoder_is_evaluated_and_swept_as_it_is_trained()
    {
        File.WriteAllText(_workspace["encoder.yaml"], Recipe.Replace("kind: bpe", "kind: wordpiece").Replace("gpt2", "bert").Replace("max_steps: 120", "max_steps: 40, precision: fp32"));
        _workspace.Run("train", "encoder.yaml", "--run", "run").Expect(0);
        var lines = File.ReadLines(_workspace["run/metrics.jsonl"]).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var found = _workspace.Run("evaluate", "run", "--json").Expect(0).Json();
        Assert.Equal(lines[^1].GetProperty("validation_loss").GetDouble(), found.GetProperty("loss").GetDouble());
        Assert.Equal(lines[^1].GetProperty("validation_accuracy").GetDouble(), found.GetProperty("accuracy").GetDouble());
        Assert.Equal(40 * 16, lines[^1].GetProperty("examples").GetInt64());
        Assert.Contains("640", _workspace.Run("compare", "run", "--metric", "loss", "--over", "examples", "--json").Expect(0).Output);
        Assert.Contains("counts examples, not tokens", _workspace.Run("compare", "run", "--over", "tokens").Expect(1).Error);
        var scores = _workspace.Run("compare", "run", "--metric", "validation_f1", "--json").Expect(0).Json().GetProperty("runs")[0];
        Assert.Equal(lines.Where(l => l.TryGetProperty("validation_f1", out _)).Max(l => l.GetProperty("validation_f1").GetDouble()), scores.GetProperty("best").GetDouble());
        Assert.Equal(lines[^1].GetProperty("validation_f1").GetDouble(), scores.GetProperty("last").GetDouble());
        double took = _workspace.Run("compare", "run", "--metric", "loss", "--over", "time", "--json").Expect(0).Json().GetProperty("runs")[0].GetProperty("points")[39][0].GetDouble();
        Assert.Equal(lines.Where(l => l.TryGetProperty("seconds", out _)).Sum(l => l.GetProperty("seconds").GetDouble()), took, 1e-9);
        Assert.DoesNotContain("Perplexity", File.ReadAllText(_workspace["run/report.html"]));
        var sweep = _workspace.Run("find-lr", "encoder.yaml", "--steps", "10", "--json").Expect(0).Json();
        Assert.Equal(lines.First(l => l.TryGetProperty("loss", out _)).GetProperty("loss").GetDouble(), sweep.GetProperty("points")[0].GetProperty("loss").GetDouble());
    }

    [Fact]
    public void A_language_model_judges_no_texts()
    {
        _workspace.Run("train", "recipe.yaml", "--run", "lm").Expect(0);
        Assert.Contains("no model that judges texts", _workspace.Run("predict", "lm", "--text", "x").Expect(1).Error);
    }

    private static IEnumerable<string?> Labels(string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("label").GetString());
}
