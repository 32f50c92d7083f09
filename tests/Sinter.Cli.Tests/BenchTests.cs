using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sinter.Checkpoints.Safetensors;

namespace Sinter.Cli.Tests;

public sealed class BenchTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Theory]
    [InlineData("fp32", false), InlineData("fp32", true), InlineData("bf16", false)]
    public void A_step_s_figures_are_one_object_on_one_line(string precision, bool checkpoint)
    {
        string[] command = ["bench", "step", "--shape", "char", "--precision", precision, "--steps", "3", "--threads", "2", "--json",
            .. checkpoint ? (string[])["--activation-checkpointing"] : []];
        var result = Cli.Run(Folder, command).Expect(0);
        Assert.Matches(@"^\{[^\n]*\}\r?\n\z", result.Output);
        Assert.Empty(result.Error);
        var json = result.Json();
        Assert.Equal(("char", precision, 2, 3), (json.GetProperty("config").GetString(), json.GetProperty("precision").GetString(),
            json.GetProperty("threads").GetInt32(), json.GetProperty("steps").GetInt32()));
        Assert.Equal(checkpoint, json.GetProperty("activation_checkpointing").GetBoolean());
        double median = json.GetProperty("tokens_per_second").GetDouble(), milliseconds = json.GetProperty("ms_per_step").GetDouble();
        Assert.Equal(12 * 64, median * milliseconds / 1e3, 1.0);
        Assert.InRange(json.GetProperty("best").GetDouble(), median, double.MaxValue);
        Assert.InRange(json.GetProperty("peak_mib").GetInt64(), 30, 1000);
        Assert.InRange(json.GetProperty("first_step_ms").GetDouble(), 10, 100_000);
        Assert.Equal(Math.Log(65), json.GetProperty("loss").GetDouble(), 0.2);   // of random tokens
        Assert.Equal(precision == "bf16", json.GetProperty("instruction_set").GetString()!.EndsWith("bf16", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_s_batch_and_context_can_be_others()
    {
        var json = Cli.Run(Folder, "bench", "step", "--shape", "char", "--batch", "3", "--context", "10", "--steps", "2", "--json").Expect(0).Json();
        Assert.Equal((3, 10), (json.GetProperty("batch").GetInt32(), json.GetProperty("context").GetInt32()));
        Assert.Equal(30, json.GetProperty("tokens_per_second").GetDouble() * json.GetProperty("ms_per_step").GetDouble() / 1e3, 0.5);
        Assert.Contains("--batch: 0 is out of range", Cli.Run(Folder, "bench", "step", "--shape", "char", "--batch", "0").Expect(2).Error);
    }

    [Fact]
    public void Generation_is_compared_with_the_memory()
    {
        var json = Cli.Run(Folder, "bench", "generate", "--precision", "bf16", "--prompt-tokens", "5", "--new-tokens", "4", "--runs", "2",
            "--threads", "2", "--json").Expect(0).Json();
        double Number(string name) => json.GetProperty(name).GetDouble();
        Assert.Equal((124_439_808 - 1024 * 768) * 2L, json.GetProperty("weight_bytes").GetInt64());   // GPT-2's parameters but its positions
        Assert.Equal(Number("read_bytes_per_second") / Number("weight_bytes"), Number("floor_tokens_per_second"), 0.01);
        Assert.InRange(Number("best"), Number("tokens_per_second"), double.MaxValue);
        Assert.InRange(Number("floor_reached"), 0.001, 2);
        Assert.Equal(("bf16", 5, 4), (json.GetProperty("precision").GetString(), (int)Number("prompt_tokens"), (int)Number("new_tokens")));
    }

    [Fact]
    public void A_step_is_shown_by_operation_with_shares_that_add_to_one()
    {
        string output = Cli.Run(Folder, "bench", "step", "--shape", "char", "--steps", "2").Expect(0).Output;
        foreach (string part in (string[])["tokens per second", "linear", "attention", "layer_norm", "linear_cross_entropy", "embedding", "update",
            "gradient_norm", "768 x 512 x 128", "weights", "working memory of kernels"]) Assert.Contains(part, output);
        string[] tables = output.Split("\n\n");
        foreach (string table in (string[])[tables[1].Replace("step  ", "all  ", StringComparison.Ordinal), tables[2]])
        {
            var lines = table.Split('\n').Where(l => !l.StartsWith("all", StringComparison.Ordinal));
            var shares = lines.Select(l => Regex.Match(l, @"([\d.]+) %")).Where(m => m.Success);
            Assert.Equal(100, shares.Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)), 1.0);   // each is rounded
        }
    }

    [Fact]
    public void Steps_are_recorded_for_another_program()
    {
        using var workspace = new Workspace();
        var json = workspace.Run("bench", "step", "--shape", "char", "--steps", "1", "--record", "rec/ord", "--json").Expect(0).Json();
        Assert.Equal("model", workspace.Run("inspect", "rec/ord", "--json").Expect(0).Json().GetProperty("kind").GetString());
        using var file = SafetensorsReader.Open(workspace["rec/ord/steps.safetensors"]);
        Assert.Equal([3, 12, 64], file.Get("tokens").Shape);
        Assert.Equal([3, 12, 64], file.Get("targets").Shape);
        float[] losses = file.ReadFloat32(file.Get("losses"));
        Assert.Equal(json.GetProperty("loss").GetDouble(), losses[^1], 1e-4);
        Assert.Contains("--record", workspace.Run("bench", "step", "--shape", "char", "--record", "text.txt").Expect(1).Error);
    }

    [Fact]
    public void Every_optimizer_moves_the_bytes_of_its_weight_gradient_and_states()
    {
        var json = Cli.Run(Folder, "bench", "optimizer", "--parameters", "20480", "--updates", "2", "--threads", "2", "--json").Expect(0).Json();
        Assert.Equal(20480, json.GetProperty("parameters").GetInt64());
        var rows = json.GetProperty("optimizers").EnumerateArray().ToDictionary(o => o.GetProperty("optimizer").GetString()!);
        Assert.Equal(Sinter.Optimizers.OptimizerRegistry.All.Names.Order(), rows.Keys.Order());
        double PerParameter(string name) => rows[name].GetProperty("bytes").GetDouble() / 20480;
        Assert.Equal((12, 20, 28), (PerParameter("sgd"), PerParameter("lion"), PerParameter("adamw")));
        Assert.All(rows.Values, o => Assert.InRange(o.GetProperty("bandwidth_reached").GetDouble(), 0.0001, 10));
        Assert.All(rows, o => Assert.Equal(o.Key == "muon", o.Value.GetProperty("gflops").GetDouble() > 0));
    }

    [Fact]
    public void An_optimizer_with_options_and_one_that_there_is_not()
    {
        string output = Cli.Run(Folder, "bench", "optimizer", "--parameters", "5000", "--updates", "1", "--optimizer", "{ name: sgd, momentum: 0.9 }").Expect(0).Output;
        Assert.Matches(@"momentum: 0.9 \} +20.0 ", output);
        Assert.Contains("did you mean adamw?", Cli.Run(Folder, "bench", "optimizer", "--optimizer", "adamv").Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forward"), InlineData("input-gradient"), InlineData("weight-gradient")]
    public void A_product_s_figures_by_precision(string form)
    {
        var result = Cli.Run(Folder, "bench", "matmul", "--m", "33", "--n", "17", "--k", "45", "--form", form, "--json").Expect(0);
        var json = result.Json();
        Assert.Empty(result.Error);
        Assert.Equal((33, 17, 45, form), (json.GetProperty("m").GetInt32(), json.GetProperty("n").GetInt32(), json.GetProperty("k").GetInt32(),
            json.GetProperty("form").GetString()));
        foreach (string precision in (string[])["fp32", "bf16"])
        {
            double best = json.GetProperty("best").GetProperty(precision).GetDouble();
            Assert.InRange(json.GetProperty("gflops").GetProperty(precision).GetDouble(), 1e-3, best);
        }
    }

    [Fact]
    public void Many_products_of_a_list()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["products.txt"], "33 17 45 forward\n\n9 40 65 weight-gradient\n");
        string[] lines = workspace.Run("bench", "matmul", "--list", "products.txt", "--seconds", "0.01", "--json").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"m\":9,\"n\":40,\"k\":65,\"form\":\"weight-gradient\"", lines[1].Replace(" ", ""));
        File.WriteAllText(workspace["wrong.txt"], "33 17 45 forward\n33 0 45 sideways\n");
        Assert.Contains("product 2: '33 0 45 sideways'", workspace.Run("bench", "matmul", "--list", "wrong.txt").Expect(2).Error);
        Assert.Contains("no file none.txt", workspace.Run("bench", "matmul", "--list", "none.txt").Expect(2).Error);
        using var asked = Cli.Start(workspace.Folder, "bench", "matmul", "--list", "-", "--seconds", "0.01", "--json");
        asked.StandardInput.WriteLine("9 40 65 forward");
        asked.StandardInput.Flush();
        Assert.Contains("\"n\":40", asked.StandardOutput.ReadLine()?.Replace(" ", ""));
        asked.StandardInput.WriteLine("9 40");
        asked.StandardInput.Close();
        Assert.Contains("standard input, product 2: '9 40'", Cli.Wait(asked).Expect(2).Error);
    }

    [Fact]
    public void A_tokenizer_s_speed_and_what_it_encoded()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["some.txt"], string.Concat(Enumerable.Range(0, 3000).Select(i => $"the {i * 7919 % 1000} cats and {i} dogs of Ålesund\n")));
        JsonElement Bench(int threads) => workspace.Run("bench", "tokenizer", "some.txt", "--vocab-size", "400", "--runs", "1", "--threads", $"{threads}", "--out", "bpe.json",
            "--json").Expect(0).Json();
        JsonElement one = Bench(1), two = Bench(2);
        Assert.Equal((new FileInfo(workspace["some.txt"]).Length, 400, 1, 2), (one.GetProperty("bytes").GetInt64(), one.GetProperty("vocab_size").GetInt32(),
            one.GetProperty("threads").GetInt32(), two.GetProperty("threads").GetInt32()));
        Assert.Equal(one.GetProperty("sha256").GetString(), two.GetProperty("sha256").GetString());
        Assert.Equal(one.GetProperty("bytes").GetInt64() / one.GetProperty("encode_seconds").GetDouble() / 1e6, one.GetProperty("megabytes_per_second").GetDouble(), 1e-6);
        Assert.True(one.GetProperty("train_seconds").GetDouble() > 0);
        Assert.InRange(one.GetProperty("tokens").GetInt64(), 1000, one.GetProperty("bytes").GetInt64() / 2);
        Assert.Equal(400, Sinter.Text.Tokenizers.Read(workspace["bpe.json"]).VocabSize);
        Assert.Contains("--runs: 0 is out of range", workspace.Run("bench", "tokenizer", "some.txt", "--runs", "0").Expect(2).Error);
    }

    [Fact]
    public void A_product_in_one_precision_as_text()
    {
        string output = Cli.Run(Folder, "bench", "matmul", "--m", "64", "--n", "64", "--k", "64", "--precision", "fp32").Expect(0).Output;
        Assert.Matches(@"^fp32  [\d.]+ GFLOP/s", output);
        Assert.DoesNotContain("bf16", output);
    }

    [Fact]
    public void The_machine_s_peaks_and_a_shape_s_shares_of_them()
    {
        string output = Cli.Run(Folder, "bench", "--shape", "char").Expect(0).Output;
        Assert.Matches(@"float32 products +[\d.]+ +[\d.]+ +GFLOP/s", output);
        Assert.Matches(@"bfloat16 products +[\d.]+ +[\d.]+ +GFLOP/s", output);
        foreach (string what in (string[])["read", "write", "copy"]) Assert.Matches($@"memory, {what} +[\d.]+ +[\d.]+ +GB/s", output);
        Assert.Contains("of peak", output);
        Assert.Matches(@"(?m)^update .* [\d.]+ %$", output);
        Assert.DoesNotContain("baby", output);
    }

    [Fact]
    public void A_profiled_run_says_where_its_steps_went()
    {
        using var workspace = new Workspace();
        var result = workspace.Run("train", "recipe.yaml", "--run", "run", "--profile").Expect(0);
        string text = File.ReadAllText(workspace["run/profile.txt"]);
        Assert.EndsWith(text, result.Output);
        foreach (string part in (string[])["checkpoint", "evaluation", "forward", "backward", "update", "batch", "dropout", "attention", "gradients"])
            Assert.Contains(part, text);
        var json = JsonDocument.Parse(File.ReadAllText(workspace["run/profile.json"])).RootElement;
        Assert.Equal(18, json.GetProperty("steps").GetInt32());   // of 20; the first two compile code
        double seconds = json.GetProperty("seconds").GetDouble();
        Assert.Equal(seconds, json.GetProperty("operations").EnumerateArray().Sum(o => o.GetProperty("seconds").GetDouble()), 1e-9);
        var phases = json.GetProperty("phases");
        double steps = phases.GetProperty("forward and backward").GetDouble() + phases.GetProperty("optimizer").GetDouble();
        Assert.InRange(seconds, 1e-6, steps + 1);   // the phases are inside the steps, and of two more
        Assert.False(File.Exists(Path.Combine(workspace.Folder, "run", "model", "profile.txt")));
        var quiet = workspace.Run("train", "recipe.yaml", "--run", "other", "--profile", "--json", "--set", "training.max_steps=3").Expect(0);
        Assert.Equal("completed", quiet.Json().GetProperty("outcome").GetString());
        Assert.Contains("Means of 3 steps.", quiet.Error);
    }
}
