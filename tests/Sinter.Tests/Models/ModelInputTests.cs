using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;
using Sinter.Tests.Training;

namespace Sinter.Tests.Models;

/// <summary>What a model refuses, and what it says.</summary>
public sealed class ModelInputTests
{
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Tokens_that_do_not_fit_are_refused(string architecture)
    {
        using var device = new CpuDevice(1);
        var model = Build(device, architecture);
        long before = device.Memory.LiveBlocks;
        using (device.Scope("test"))
        {
            Contains(() => model.Logits(device.Zeros(new Shape(1, 19), DType.Int32), default), "19 positions", "context of 18");
            Contains(() => model.Logits(device.From([3, 31], 1, 2), default), "31", "[0, 1]", "vocabulary of 31");
            Contains(() => model.Logits(device.From([-1, 2], 1, 2), default), "-1", "[0, 0]");
            Contains(() => model.Logits(device.From([1, 2], 2), default), "[batch, length]");
            Contains(() => model.LastLogits(device.From([1, 2], 2, 1), default), "one sequence");
            Contains(() => model.Loss(device.From([1, 2], 1, 2), device.From([1, 31], 1, 2), 0, default), "target 1 is 31", "31 tokens");
            Contains(() => model.Loss(device.From([1, 2], 1, 2), device.From([1, 2, 3], 1, 3), 0, default), "3 targets for 2 rows");
        }
        Assert.Equal(before, device.Memory.LiveBlocks - Gradients(model));
    }

    [Fact]
    public void A_full_cache_is_refused()
    {
        using var device = new CpuDevice(1);
        var model = Build(device, "llama");
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("test");
        var cache = model.CreateCache(capacity: 4);
        model.Logits(device.From([1, 2, 3], 1, 3), new ForwardContext { Cache = cache });
        var error = Assert.Throws<InvalidOperationException>(() => model.Logits(device.From([1, 2], 1, 2), new ForwardContext { Cache = cache }));
        Assert.Contains("3 of 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, cache.Length);
    }

    [Fact]
    public void An_unknown_architecture_is_refused_with_those_there_are()
    {
        using var device = new CpuDevice(1);
        var config = Architectures.Configure(SmallModels.Of("gpt2"), 31, null) with { Architecture = "gpt3" };
        var error = Assert.Throws<SinterException>(() => Architectures.Build(config, device));
        Assert.Contains("'gpt3'", error.Message, StringComparison.Ordinal);
        Assert.Contains("gpt2, llama", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void A_folder_whose_weights_do_not_fit_is_refused_with_a_list(string architecture)
    {
        using var device = new CpuDevice(1);
        using var folder = new TempFolder();
        var model = Build(device, architecture);
        ModelFolder.Save(folder.Path, model, null);
        var other = Architectures.Build(model.Config with { NumLayers = 1, IntermediateSize = 70, TieEmbeddings = !model.Config.TieEmbeddings },
            device);
        float[] before = [.. other.Parameters.SelectMany(p => p.Value.ToArray())];
        var error = Assert.Throws<CheckpointException>(() => ModelFolder.LoadWeights(folder.Path, other));
        string[] parts = architecture == "gpt2"
            ? ["missing (1)", "lm_head.weight [31, 40]", "transformer.h.0.mlp.c_fc.weight: expected [40, 70], found [40, 72]",
                "transformer.h.1.ln_1.weight", "not part of the model"]
            : ["model.layers.0.mlp.gate_proj.weight: expected [70, 40], found [72, 40]", "lm_head.weight", "model.layers.1.",
                "not part of the model"];
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, other.Parameters.SelectMany(p => p.Value.ToArray()));
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void A_saved_model_computes_the_same_bits(string architecture)
    {
        using var device = new CpuDevice(2);
        using var folder = new TempFolder();
        var model = Build(device, architecture);
        ModelFolder.Save(folder.Path, model, null);
        var loaded = ModelFolder.Load(folder.Path, device).LanguageModel;
        using var scope = device.Scope("test");
        var tokens = device.From([1, 30, 7, 0], 2, 2);
        Assert.Equal(model.Logits(tokens, default).ToArray(), loaded.Logits(tokens, default).ToArray());
        Assert.Equal(model.Parameters.Select(p => p.Name), loaded.Parameters.Select(p => p.Name));
    }

    private static CausalLanguageModel Build(CpuDevice device, string architecture) =>
        Architectures.Build(Architectures.Configure(SmallModels.Of(architecture), 31, null), device, 1);

    private static int Gradients(CausalLanguageModel model) => model.Parameters.Count(p => p.Value.HasGrad);

    private static void Contains(Func<object> action, params string[] parts)
    {
        var error = Assert.Throws<ArgumentException>(() => { action(); });
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
