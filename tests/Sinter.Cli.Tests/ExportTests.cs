using Sinter.Checkpoints.Weights;

namespace Sinter.Cli.Tests;

/// <summary>export and bench load.</summary>
public sealed class ExportTests(TrainedRun trained)
{
    [Theory]
    [InlineData("safetensors", "fp32", "5GB", "model.safetensors"), InlineData("pt", "fp32", "5GB", "pytorch_model.bin")]
    [InlineData("safetensors", "bf16", "4KB", "model.safetensors.index.json"), InlineData("pt", "fp16", "4KB", "pytorch_model.bin.index.json")]
    public void A_model_is_exported_read_back_and_gives_its_logits(string format, string type, string size, string expected)
    {
        using var workspace = new Workspace();
        var json = workspace.Run("export", Models.Folder("gpt2-tiny"), "--to", "out", "--format", format, "--dtype", type, "--max-shard-size", size, "--json")
            .Expect(0).Json();
        Assert.True(File.Exists(workspace[Path.Combine("out", expected)]));
        double error = json.GetProperty("error").GetDouble();
        Assert.True(type == "fp32" ? error == 0 : error > 0 && error < json.GetProperty("bound").GetDouble());
        Assert.True(json.GetProperty("logits").GetInt64() > 0);
        using var weights = WeightsFolder.Open(workspace["out"]);
        Assert.Equal(size == "4KB", weights.Files.Count > 1);
        Assert.All(weights.Files, f => Assert.True(f.Entries.Length == 1 || f.Entries.Sum(e => e.ByteLength) <= 4000 || size == "5GB"));
        Assert.Equal("model", workspace.Run("inspect", "out", "--json").Expect(0).Json().GetProperty("kind").GetString());
        Assert.Contains("there is something already", workspace.Run("export", Models.Folder("gpt2-tiny"), "--to", "out").Expect(1).Error);
        workspace.Run("bench", "load", "out", "--runs", "1", "--json").Expect(0);
    }

    [Fact]
    public void A_run_is_exported_with_its_tokenizer()
    {
        using var workspace = new Workspace();
        string target = workspace["out"];
        Cli.Run(trained.Folder, "export", "run", "--to", target).Expect(0);
        Assert.Equal(File.ReadAllBytes(Path.Combine(trained.Folder, "run", "model", "tokenizer.json")), File.ReadAllBytes(Path.Combine(target, "tokenizer.json")));
        string[] prompt = ["--prompt", "The quick", "--max-new-tokens", "8", "--temperature", "0"];
        Assert.Equal(Cli.Run(trained.Folder, ["generate", "run", .. prompt]).Expect(0).Output, Cli.Run(trained.Folder, ["generate", target, .. prompt]).Expect(0).Output);
    }

    [Theory]
    [InlineData("--max-shard-size", "many"), InlineData("--format", "onnx"), InlineData("--dtype", "int8")]
    public void What_there_is_not_is_refused(string option, string value)
    {
        using var workspace = new Workspace();
        Assert.Contains(option, workspace.Run("export", Models.Folder("gpt2-tiny"), "--to", "out", option, value).Expect(2).Error);
        Assert.False(Directory.Exists(workspace["out"]));
    }
}
