using System.Runtime.CompilerServices;
using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Layers.Adapters;
using Sinter.Layers.Initialization;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Layers;

/// <summary>LoRA, rsLoRA and DoRA against PyTorch: see References/adapters.</summary>
public sealed class AdapterTests
{
    // The script refuses values for which float32 and float64 differ by more than a tenth of this.
    private const double Tolerance = 1e-4;

    private static readonly AdamWOptions Options = new() { LearningRate = 0.01, Betas = (0.9, 0.95), Epsilon = 1e-8, WeightDecay = 0.1 };

    public static TheoryData<string> Cases() => ["gpt2-lora", "gpt2-dora", "llama-rslora", "llama-dora"];

    internal static string Folder(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "References", "adapters", name);

    internal static CausalLanguageModel Load(string name, CpuDevice device)
    {
        using var adapter = AdapterFolder.Open(Folder(name));
        using var files = HuggingFaceModel.Open(adapter.BaseFolder);
        var model = Architectures.Build(files.Config, device, initialization: new ModelInitialization(Initializer.Zeros), adapters: adapter.Plan);
        LoadBase(files, model);
        adapter.Load(model.Parameters);
        return model;
    }

    internal static unsafe void LoadBase(HuggingFaceModel files, CausalLanguageModel model)
    {
        foreach (var parameter in model.Parameters.Where(p => !p.IsAdapter)) files.CopyTo(parameter.Name, (float*)parameter.Value.Pointer);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Logits_gradients_and_ten_updates(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.OpenFile(Path.Combine(Folder(name), "reference.safetensors"));
        var model = Load(name, device);
        Tensor tokens = reference.Int32(device, "input_ids"), targets = reference.Int32(device, "targets");
        using (device.Tape.Pause()) Closeness.Close(reference.Float32("logits.exact"), model.Logits(tokens, default).Span, Tolerance, "logits");

        var optimizer = Options.Create(ParameterGrouping.Groups(model.Parameters));
        var gradients = new GradientSet(model.Parameters);
        double[] losses = reference.Float64("losses.exact"), norms = reference.Float64("losses.gradient_norms.exact");
        for (int step = 0; step < losses.Length; step++)
        {
            using var scope = device.Scope("step");
            foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
            var result = model.Loss(tokens, targets, 0, new ForwardContext { Training = false, Step = step + 1 });
            Near(losses[step], result.Sum / result.Targets, $"loss {step}");
            result.Loss.Backward();
            foreach (var parameter in model.Parameters)
            {
                Assert.Equal(!parameter.IsFrozen, parameter.Value.HasGrad);
                if (step == 0 && !parameter.IsFrozen) Closeness.Close(reference.Float32($"grad.{parameter.Name}.exact"), parameter.Value.Grad.Span, Tolerance, parameter.Name);
            }
            Near(norms[step], gradients.Norm(), $"gradient norm {step}");
            optimizer.Update(Options.LearningRate, 1);
        }
        using var last = device.Scope("after");
        using var pause = device.Tape.Pause();
        var after = model.Loss(tokens, targets, 0, default);
        Near(reference.Float64("losses.after.exact")[0], after.Sum / after.Targets, "loss after");
    }

    /// <summary>Merged, the model gives what the adapter gave beside it; unmerged, the base is as it was. Both within a few roundings of float32.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Merging_changes_nothing_and_unmerging_gives_the_base_back(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.OpenFile(Path.Combine(Folder(name), "reference.safetensors"));
        var model = Load(name, device);
        var tokens = reference.Int32(device, "input_ids");
        using var pause = device.Tape.Pause();
        float[][] before = [.. model.Parameters.Select(p => p.Value.ToArray())];
        float[] beside = model.Logits(tokens, default).ToArray();

        var own = AdapterMerge.Merge(model.Parameters);
        Assert.DoesNotContain(own, p => p.Name.Contains("lora"));
        Assert.All(LinearAdapter.Of(model.Parameters), a => Assert.NotEqual(before[At(a)], a.Layer.Weight.ToArray()));
        Closeness.Close(beside, model.Logits(tokens, default).Span, 5e-6, "merged logits");

        AdapterMerge.Unmerge(model.Parameters);
        foreach (var (parameter, want) in model.Parameters.Zip(before)) Closeness.Close(want, parameter.Value.Span, 1e-6, parameter.Name);
        Closeness.Close(beside, model.Logits(tokens, default).Span, 5e-6, "unmerged logits");

        int At(LinearAdapter adapter) => model.Parameters.Index().First(p => p.Item.Name == adapter.Layer.Path + ".weight").Index;
    }

    /// <summary>With a dropout that drops next to nothing the training pass is the other one, in the form that reads the dropped input apart.</summary>
    [Theory, InlineData("gpt2-lora"), InlineData("gpt2-dora")]
    public void Dropout_is_of_what_the_change_reads_alone(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.OpenFile(Path.Combine(Folder(name), "reference.safetensors"));
        Tensor tokens = reference.Int32(device, "input_ids"), targets = reference.Int32(device, "targets");
        var model = Load(name, device);
        double without = Loss(model, 1, training: false), with = Loss(model, 1), again = Loss(model, 1), next = Loss(model, 2);
        Assert.Equal(with, again);
        Assert.NotEqual(with, next);
        Assert.NotEqual(with, without);
        Assert.InRange(with / without, 0.9, 1.1);
        // Without a change there is nothing to drop.
        foreach (var parameter in model.Parameters.Where(p => p.Name.EndsWith(LowRankAdapter.BName, StringComparison.Ordinal))) parameter.Value.Span.Clear();
        foreach (var adapter in LinearAdapter.Of(model.Parameters)) adapter.Begin();
        Assert.Equal(1, Loss(model, 1, training: false) / Loss(model, 1), 1e-6);

        double Loss(CausalLanguageModel m, long step, bool training = true)
        {
            using var scope = device.Scope("loss");
            return m.Loss(tokens, targets, 0, new ForwardContext { Training = training, Step = step, Seed = 3 }).Sum;
        }
    }

    private static void Near(double want, double got, string what) =>
        Assert.True(Math.Abs(got - want) <= Tolerance * want, $"{what}: {got} instead of {want}");
}
