using System.Text.Json;
using Sinter.Checkpoints.Safetensors;
using Sinter.Monitoring;
using Sinter.Tensors;

namespace Sinter.Cli.Tests;

/// <summary>generate, evaluate, logits and inspect, on models of transformers and on a run.</summary>
public sealed unsafe class ModelCommandTests(TrainedRun trained)
{
    [Theory]
    [InlineData("gpt2-tiny"), InlineData("llama-tiny")]
    public void Greedy_tokens_are_those_of_transformers(string name)
    {
        using var reference = SafetensorsReader.Open(Path.Combine(Models.Folder(name), "reference.safetensors"));
        string prompt = string.Join(',', Int32(reference, "prompt"));
        int[] greedy = Int32(reference, "greedy");
        string count = greedy.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] arguments = ["generate", Models.Folder(name), "--tokens", prompt, "--temperature", "0", "--max-new-tokens", count];
        Assert.Equal(string.Join(',', greedy), Cli.Run(trained.Folder, arguments).Expect(0).Output.Trim());
        var json = Cli.Run(trained.Folder, [.. arguments, "--json"]).Expect(0).Json();
        Assert.Equal(greedy, json.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()));
        Assert.Equal(prompt, string.Join(',', json.GetProperty("prompt_tokens").EnumerateArray()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("text").ValueKind);
        Assert.True(json.GetProperty("tokens_per_second").GetDouble() > 0);
    }

    [Theory]
    [InlineData("gpt2-tiny"), InlineData("llama-tiny")]
    public void Logits_are_those_of_transformers(string name)
    {
        using var workspace = new Workspace();
        using var reference = SafetensorsReader.Open(Path.Combine(Models.Folder(name), "reference.safetensors"));
        var shape = reference.Get("logits").Shape;
        int length = (int)shape[1], vocabulary = (int)shape[2];
        string tokens = string.Join(',', Int32(reference, "input_ids").Take(length));
        var json = workspace.Run("logits", Models.Folder(name), "--tokens", tokens, "--out", "logits.safetensors", "--json").Expect(0).Json();
        Assert.Equal(length, json.GetProperty("tokens").GetInt32());
        using var file = SafetensorsReader.Open(workspace["logits.safetensors"]);
        Assert.Equal([length, vocabulary], file.Get("logits").Shape);
        float[] got = file.ReadFloat32(file.Get("logits")), want = reference.ReadFloat32(reference.Get("logits"))[..got.Length];
        double error = Math.Sqrt(got.Zip(want, (a, b) => Math.Pow(a - (double)b, 2)).Sum()), norm = Math.Sqrt(want.Sum(w => (double)w * w));
        // Float32 sums in another order than PyTorch's.
        Assert.True(error <= 1e-4 * norm, $"{error} of {norm}");
    }

    [Theory]
    [InlineData("roberta-masked", "vocabulary"), InlineData("bert-labels", "labels"), InlineData("gpt2-labels", "labels")]
    public void Logits_of_encoders_and_classifiers_are_those_of_transformers(string name, string count)
    {
        using var workspace = new Workspace();
        using var reference = SafetensorsReader.Open(Path.Combine(Models.Folder(name), "reference.safetensors"));
        int length = (int)reference.Get("input_ids").Shape[1], width = (int)reference.Get("logits").Shape[^1];
        string tokens = string.Join(',', Int32(reference, "input_ids").Take(length));   // the first row has no padding
        var json = workspace.Run("logits", Models.Folder(name), "--tokens", tokens, "--out", "logits.safetensors", "--json").Expect(0).Json();
        Assert.Equal(width, json.GetProperty(count).GetInt32());
        using var file = SafetensorsReader.Open(workspace["logits.safetensors"]);
        Assert.Equal(count == "labels" ? [width] : [length, width], file.Get("logits").Shape);
        float[] got = file.ReadFloat32(file.Get("logits")), want = reference.ReadFloat32(reference.Get("logits"))[..got.Length];
        Assert.All(got.Zip(want), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Theory]
    [InlineData("1,67", "67 is no token")]
    [InlineData("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24", "25 tokens are more than the 24")]
    public void Logits_of_what_the_model_can_not_read_are_refused(string tokens, string expected)
    {
        using var workspace = new Workspace();
        Assert.Contains(expected, workspace.Run("logits", Models.Folder("gpt2-tiny"), "--tokens", tokens, "--out", "o.safetensors").Expect(1).Error);
        Assert.False(File.Exists(workspace["o.safetensors"]));
    }

    [Fact]
    public void A_prompt_needs_a_tokenizer() =>
        Assert.Contains("--tokens", Cli.Run(trained.Folder, "generate", Models.Folder("gpt2-tiny"), "--prompt", "x").Expect(1).Error);

    [Fact]
    public void Text_is_continued_and_the_seed_decides()
    {
        string[] arguments = ["generate", "run", "--prompt", "The quick", "--max-new-tokens", "40", "--seed"];
        string one = Cli.Run(trained.Folder, [.. arguments, "1"]).Expect(0).Output;
        string again = Cli.Run(trained.Folder, [.. arguments, "1"]).Expect(0).Output;
        Assert.StartsWith("The quick", one);
        Assert.Equal(one, again);
        Assert.NotEqual(one, Cli.Run(trained.Folder, [.. arguments, "2"]).Expect(0).Output);
        var json = Cli.Run(trained.Folder, [.. arguments, "1", "--json"]).Expect(0).Json();
        Assert.Equal(40, json.GetProperty("tokens").GetArrayLength());
        Assert.Equal(one.TrimEnd('\n'), ("The quick" + json.GetProperty("text").GetString()).TrimEnd('\n'));
    }

    [Fact]
    public void A_prompt_outside_the_alphabet_is_refused()
    {
        var result = Cli.Run(trained.Folder, "generate", "run", "--prompt", "日本").Expect(1);
        Assert.Contains("日", result.Error);
    }

    [Fact]
    public void A_reader_that_goes_ends_it_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes differ there.");
        using var process = Cli.Start(trained.Folder, "generate", "run", "--prompt", "The", "--max-new-tokens", "10000000");
        Assert.NotEqual(-1, process.StandardOutput.Read());
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "It goes on for nobody.");
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(error);
    }

    [Fact]
    public void The_runs_own_validation_part_gives_the_loss_of_its_training()
    {
        double want = MetricsLine.Read(Path.Combine(trained.Run, "metrics.jsonl")).Last().ValidationLoss!.Value;
        var json = Cli.Run(trained.Folder, "evaluate", "run", "--json", "--precision", "auto").Expect(0).Json();
        Assert.Equal(want, json.GetProperty("loss").GetDouble());
        Assert.Equal(Math.Exp(want), json.GetProperty("perplexity").GetDouble(), 1e-9);
    }

    [Fact]
    public void A_text_is_evaluated()
    {
        var json = Cli.Run(trained.Folder, "evaluate", "run", "--data", "text.txt", "--json").Expect(0).Json();
        long bytes = new FileInfo(Path.Combine(trained.Folder, "text.txt")).Length;
        Assert.Equal(bytes - 1, json.GetProperty("tokens").GetInt64());
        // One character is one byte here; the first one is no target.
        Assert.Equal(json.GetProperty("loss").GetDouble() / Math.Log(2) * (bytes - 1) / bytes, json.GetProperty("bits_per_byte").GetDouble(), 1e-6);
        Assert.InRange(json.GetProperty("accuracy").GetDouble(), 0.05, 1);
        string text = Cli.Run(trained.Folder, "evaluate", "run/model", "--data", "text.txt", "--max-tokens", "64").Expect(0).Output;
        Assert.Contains("perplexity", text);
        Assert.Matches(@"tokens +64\b", text);
        Assert.Contains("--data", Cli.Run(trained.Folder, "evaluate", "run/model").Expect(2).Error);
        Assert.Contains("no.txt", Cli.Run(trained.Folder, "evaluate", "run", "--data", "no.txt").Expect(1).Error);
    }

    [Fact]
    public void Inspect_tells_runs_models_checkpoints_and_files_apart()
    {
        (string, string, string)[] cases = [("run", "run", "complete, 20 steps"), ("run/model", "model", "2 layers, 2 heads of 16, width 32"),
            ("run/checkpoints/step-000020", "checkpoint", "all match the manifest"),
            ("run/model/model.safetensors", "safetensors", "transformer.wte.weight")];
        foreach (var (path, kind, expected) in cases)
        {
            Assert.Contains(expected, Cli.Run(trained.Folder, "inspect", path).Expect(0).Output);
            Assert.Equal(kind, Cli.Run(trained.Folder, "inspect", path, "--json").Expect(0).Json().GetProperty("kind").GetString());
        }
        var run = Cli.Run(trained.Folder, "inspect", "run", "--json").Expect(0).Json();
        Assert.True(run.GetProperty("completed").GetBoolean());
        Assert.Equal([15, 20], run.GetProperty("checkpoints").EnumerateArray().Select(c => c.GetInt32()));
        Assert.Equal(20, run.GetProperty("step").GetInt32());
    }

    [Fact]
    public void A_damaged_checkpoint_is_named()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=4", "--set", "training.save_every=2").Expect(0);
        string weights = workspace["run/checkpoints/step-000004/model.safetensors"];
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.Contains("SHA-256", workspace.Run("inspect", "run/checkpoints/step-000004").Expect(1).Error);
        var resumed = workspace.Run("train", "--run", "run", "--resume", "--set", "training.max_steps=6").Expect(0);
        Assert.Contains("going on from step 2", resumed.Output);
        Assert.Contains("damaged", resumed.Output);
    }

    private static int[] Int32(SafetensorsReader file, string name)
    {
        var entry = file.Get(name);
        var values = new int[entry.Elements];
        fixed (int* p = values) file.CopyTo(entry, p, DType.Int32);
        return values;
    }
}
