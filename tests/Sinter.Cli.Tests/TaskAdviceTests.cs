using System.Text.Json;

namespace Sinter.Cli.Tests;

/// <summary>What is asked before a run of a task on examples or chats: <c>plan</c>, <c>suggest</c>, <c>check-init</c>, <c>find-lr</c>.</summary>
public sealed class TaskAdviceTests : IDisposable
{
    private const string Tuned = "training: { max_steps: 20, batch_size: 8, optimizer: { name: adamw, learning_rate: 0.01 }, threads: 2, precision: fp32 }\n";

    private readonly Workspace _workspace = new();

    public TaskAdviceTests()
    {
        File.WriteAllLines(_workspace["mails.csv"], ["text,label,n", .. Enumerable.Range(0, 240).Select(i => i % 3 == 0 ? $"buy {i} now,spam,{i % 5}" : $"hello and so on {i},ham,{i % 5}")]);
        File.WriteAllLines(_workspace["chats.jsonl"], Enumerable.Range(0, 60).Select(i => $$"""{"prompt":"Say {{i % 3}}","completion":"A word."}"""));
        string mails = "data: { text: mails.csv, tokenizer: { kind: wordpiece, vocab_size: 300 }, validation_fraction: 0.2 }\n";
        Write("classify", "task: classify\n" + mails + "model: { architecture: bert, num_layers: 2, num_heads: 2, hidden_size: 64, context_length: 32 }\n");
        Write("regress", "task: { name: regress, value_columns: [n] }\n" + mails + "model: { architecture: gpt2, num_layers: 2, num_heads: 2, hidden_size: 64, context_length: 32 }\n");
        Write("instruct", "task: { name: instruct, chat_template: chatml }\ndata: { text: chats.jsonl, tokenizer: { kind: bytes }, sequences: packed }\n"
            + "model: { architecture: llama, num_layers: 2, num_heads: 2, hidden_size: 64, context_length: 160 }\n");
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("classify"), InlineData("regress"), InlineData("instruct")]
    public void The_memory_is_that_of_the_model_with_its_head_and_rows(string task)
    {
        var plan = Ask(task, "plan", "--measure");
        double predicted = plan.GetProperty("total_bytes").GetInt64(), measured = plan.GetProperty("measured_bytes").GetInt64();
        Assert.InRange(predicted / measured, 0.9, 1.1);
        long parameters = Ask(task, "suggest").GetProperty("facts").GetProperty("parameters").GetInt64();
        Assert.InRange(plan.GetProperty("parts").GetProperty("weights").GetInt64(), 4 * parameters, 4.1 * parameters);
        _workspace.Run("train", $"{task}.yaml", "--run", "run", "--set", "training.batch_size={ name: memory, size: 8 }", "--set", "training.max_steps=2").Expect(0);
    }

    [Theory]
    [InlineData("classify", "validation_f1"), InlineData("regress", "validation_r2"), InlineData("instruct", "validation_loss")]
    public void What_is_suggested_trains(string task, string metric)
    {
        var suggestions = Ask(task, "suggest").GetProperty("suggestions").EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("value").GetString()!);
        Assert.Equal($"{{ metric: {metric} }}", suggestions["training.best"]);
        Assert.InRange(int.Parse(suggestions["training.epochs"], null), 10, 20);
        suggestions["training.epochs"] = "0.5";
        suggestions["training.schedule.warmup_steps"] = "1";
        _workspace.Run(["train", $"{task}.yaml", "--run", "run", .. suggestions.SelectMany(s => (string[])["--set", $"{s.Key}={s.Value}"])]).Expect(0);
    }

    [Theory]
    [InlineData("classify", "{name: normal, std: 0.02}", "sound"), InlineData("classify", "{name: normal, std: 0.001}", "vanishing"), InlineData("classify", "{name: normal, std: 1}", "exploding"),
        InlineData("regress", "{name: normal, std: 0.1}", "sound"), InlineData("regress", "{name: normal, std: 0.001}", "vanishing"), InlineData("instruct", "{name: normal, std: 1}", "exploding")]
    public void The_beginning_is_judged_with_the_head(string task, string initializer, string verdict)
    {
        var json = Ask(task, "check-init", "--set", $"model.initializer={initializer}");
        Assert.Equal(verdict, json.GetProperty("verdict").GetString());
        Assert.Equal(["embedding", "block 0 attention", "block 0 feed-forward", "block 1 attention", "block 1 feed-forward"],
            json.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("name").GetString()));
        Assert.All(json.GetProperty("layers").EnumerateArray(), l => Assert.True(l.GetProperty("weight_gradient_rms").GetDouble() > 0));
        double nothing = json.GetProperty("uniform_loss").GetDouble();
        if (task == "classify") Assert.Equal(Math.Log(2), nothing, 1e-6);
        if (task == "regress") Assert.InRange(nothing, 5, 7);   // the mean square of 0 to 4 is 6
        if (task == "classify" && verdict == "sound") Assert.Equal(nothing, json.GetProperty("loss").GetDouble(), 0.05);
    }

    [Theory]
    [InlineData("regress"), InlineData("instruct")]
    public void A_rate_is_looked_for(string task) => Assert.Equal(10, Ask(task, "find-lr", "--steps", "10", "--to", "0.1").GetProperty("points").GetArrayLength());

    [Fact]
    public void Text_is_not_mixed_into_examples() =>
        Assert.Contains("text can't be mixed into examples", _workspace.Run("find-lr", "classify.yaml", "--set", "data.replay={ text: text.txt }").Expect(2).Error);

    private JsonElement Ask(string task, string command, params string[] arguments) => _workspace.Run([command, $"{task}.yaml", "--json", .. arguments]).Expect(0).Json();

    private void Write(string task, string recipe) => File.WriteAllText(_workspace[$"{task}.yaml"], recipe + Tuned);
}
