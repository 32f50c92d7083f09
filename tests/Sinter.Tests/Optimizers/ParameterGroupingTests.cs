using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Training;

namespace Sinter.Tests.Optimizers;

public sealed class ParameterGroupingTests
{
    [Fact]
    public void Biases_and_norms_have_no_decay()
    {
        using var device = new CpuDevice(1);
        var groups = ParameterGrouping.Groups(Gpt2(device).Parameters);
        Assert.Equal([(1, (double?)null), (1, 0)], groups.Select(g => (g.LearningRateFactor, g.WeightDecay)));
        Assert.All(groups[0].Parameters, p => Assert.Matches(@"(wte|wpe|c_attn|c_proj|c_fc)\.weight$", p.Name));
        Assert.All(groups[1].Parameters, p => Assert.Matches(@"(ln_\w+\.weight|\.bias)$", p.Name));
    }

    [Fact]
    public void The_first_entry_that_fits_decides()
    {
        using var device = new CpuDevice(1);
        var model = Gpt2(device);
        var groups = ParameterGrouping.Groups(model.Parameters, [
            new() { Match = ["*.wte.weight", "*.wpe.weight"], LearningRateFactor = 0.5 },
            new() { Match = ["*.h.0.ln_?.*"], WeightDecay = 0.25 },
            new() { Match = ["*.h.0.*"], Frozen = true },
        ]);
        var of = groups.SelectMany(g => g.Parameters.Select(p => (p.Name, Group: g))).ToDictionary(e => e.Name, e => e.Group);
        (double, double?) Numbers(string name) => (of[name].LearningRateFactor, of[name].WeightDecay);
        Assert.Equal((0.5, null), Numbers("transformer.wpe.weight"));
        Assert.Equal((1, 0.25), Numbers("transformer.h.0.ln_1.bias"));
        Assert.Equal((1, 0), Numbers("transformer.h.1.ln_1.bias"));
        Assert.Equal((1, null), Numbers("transformer.h.1.mlp.c_fc.weight"));
        Assert.Equal(model.Parameters.Where(p => p.Name.Contains(".h.0.", StringComparison.Ordinal) && !p.Name.Contains(".ln_", StringComparison.Ordinal)).Select(p => p.Name),
            model.Parameters.Select(p => p.Name).Except(of.Keys));
    }

    [Fact]
    public void The_learning_rate_falls_with_depth()
    {
        using var device = new CpuDevice(1);
        foreach (string architecture in (string[])["gpt2", "llama"])
        {
            var of = ParameterGrouping.Groups(Model(device, architecture).Parameters, layerDecay: 0.5)
                .SelectMany(g => g.Parameters.Select(p => (p.Name, g.LearningRateFactor)));
            foreach (var (name, factor) in of)
            {
                double want = name.Contains(".0.", StringComparison.Ordinal) ? 0.25 : name.Contains(".1.", StringComparison.Ordinal) ? 0.5
                    : name.Contains("wte", StringComparison.Ordinal) || name.Contains("wpe", StringComparison.Ordinal) || name.Contains("embed", StringComparison.Ordinal) ? 0.125 : 1;
                Assert.Equal((name, want), (name, factor));
            }
        }
    }

    [Fact]
    public void A_pattern_that_is_of_no_use_is_an_error_with_the_nearest_name()
    {
        using var device = new CpuDevice(1);
        var parameters = Gpt2(device).Parameters;
        string Message(params ParameterGroupOptions[] entries) =>
            Assert.Throws<RecipeException>(() => ParameterGrouping.Groups(parameters, entries)).Message;
        Assert.Contains("'*.wte.weigth' fits no parameter of the model; the nearest is transformer.wte.weight.", Message(new ParameterGroupOptions { Match = ["*.wte.weigth"] }),
            StringComparison.Ordinal);
        Assert.Contains("nearest is transformer.h.1.attn.c_proj.bias.", Message(new ParameterGroupOptions { Match = ["*.h.1.atn.c_proj.bia?"] }), StringComparison.Ordinal);
        Assert.Contains("put the narrower one first", Message(new() { Match = ["*.h.*"] }, new() { Match = ["*.h.1.*"] }), StringComparison.Ordinal);
        Assert.Contains("nothing to train", Message(new ParameterGroupOptions { Match = ["*"], Frozen = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient_and_stay_while_the_others_get_the_same()
    {
        using CpuDevice device = new(1), other = new(1);
        CausalLanguageModel frozen = Gpt2(device), free = Gpt2(other);
        var optimizer = new AdamWOptions().Create(ParameterGrouping.Groups(frozen.Parameters, [new() { Match = ["*.wte.weight", "*.h.0.*", "*.h.1.mlp.c_fc.*", "*ln_f*"], Frozen = true }]));
        foreach (var model in (CausalLanguageModel[])[frozen, free])
        {
            using var scope = model.Device.Scope("step");
            int[] tokens = [.. Enumerable.Range(0, 16).Select(i => i * 5 % 11)];
            model.Loss(model.Device.From(tokens, 2, 8), model.Device.From([.. tokens.Reverse()], 2, 8), 0, default).Loss.Backward();
        }
        var before = frozen.Parameters.Select(p => p.Value.ToArray()).ToList();
        optimizer.Update(0.1, 1);
        int still = 0;
        foreach (var (i, (mine, its)) in frozen.Parameters.Zip(free.Parameters).Index())
        {
            Assert.Equal(mine.Value.RequiresGrad, mine.Value.HasGrad);
            if (mine.Value.HasGrad) Assert.Equal(its.Value.Grad.ToArray(), mine.Value.Grad.ToArray());
            else still++;
            Assert.Equal(!mine.Value.HasGrad, before[i].SequenceEqual(mine.Value.ToArray()));
        }
        Assert.Equal(1 + 12 + 2 + 2, still);
        long Bytes(bool trained) => frozen.Parameters.Where(p => p.Value.HasGrad == trained).Sum(p => (p.Value.ByteLength + 63) / 64 * 64);
        Assert.Equal(other.Memory.ExactBytes - Bytes(false) + 2 * Bytes(true), device.Memory.ExactBytes);   // no gradients of the frozen, no moments
    }

    [Fact]
    public void The_loop_trains_the_groups_of_its_options()
    {
        var options = SmallLoop.Training(steps: 3, batch: 2, accumulation: 2);
        options.ParameterGroups = [new() { Match = ["*.wte.weight", "*.h.0.*"], Frozen = true }];
        options.LayerDecay = 0.75;
        using SmallLoop run = new(SmallModels.Of("gpt2", dropout: 0.1), options, precision: Precision.BFloat16), other = new(SmallModels.Of("gpt2"), options);
        run.Run();
        foreach (var (trained, start) in run.Model.Parameters.Zip(other.Model.Parameters))
            Assert.Equal(options.ParameterGroups[0].Fits(trained.Name), trained.Value.ToArray().SequenceEqual(start.Value.ToArray()));
    }

    private static CausalLanguageModel Gpt2(CpuDevice device) => Model(device, "gpt2");

    private static CausalLanguageModel Model(CpuDevice device, string architecture) =>
        Architectures.Build(Architectures.Configure(SmallModels.Of(architecture), 11, null), device, 1);
}
