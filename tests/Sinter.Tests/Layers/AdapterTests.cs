using System.Runtime.CompilerServices;
using Sinter.Checkpoints.Adapters;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Layers;
using Sinter.Layers.Adapters;
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

    public static TheoryData<string> Decoders() => [.. Architectures.Names.Where(n => Architectures.Find(n).IsCausal)];

    /// <summary>Whoever builds with a linear layer hands it the step: else its adapter would never drop anything.</summary>
    [Theory, MemberData(nameof(Decoders))]
    public void Each_linear_layer_of_each_architecture_takes_an_adapter_with_dropout(string architecture)
    {
        var layers = Build(architecture, null).Parameters.Where(p => p.Outputs is not null).Select(p => p.Name[..p.Name.LastIndexOf('.')]).ToList();
        Assert.NotEmpty(layers);
        foreach (string layer in layers)
        {
            var model = Build(architecture, new LoraOptions { Targets = [layer], Dropout = 0.5 });
            var adapter = Assert.IsType<LowRankAdapter>(Assert.Single(LinearAdapter.Of(model.Parameters)));
            Initializer.Normal(0.1).Fill(adapter.B, new ParameterSpec("b", adapter.B.Shape), 1);
            int[] ids = [.. Enumerable.Range(0, 12).Select(i => i * 7 % 50)];
            double Loss(long step)
            {
                using var scope = model.Device.Scope("loss");
                return model.Loss(new SequenceBatch(model.Device.From(ids, 1, 12), model.Device.From(ids, 1, 12)), default, new ForwardContext { Training = true, Step = step }).Sum;
            }
            Assert.True(Loss(1) != Loss(2), $"{layer} drops nothing");
        }
    }

    private static ITrainedModel Build(string architecture, LoraOptions? adapter)
    {
        var shape = Training.SmallModels.Of(architecture);
        if (Architectures.Find(architecture).HasGroupedHeads) shape.NumKvHeads = 2;
        var config = Architectures.Configure(shape, 50, null);
        if (!Architectures.Find(architecture).IsCausal) config = config with { Head = ModelHead.MaskedLanguageModel };
        return Architectures.BuildModel(config, new CpuDevice(1), 1, adapters: adapter?.Plan());
    }

    /// <summary>Below the lowest trained layer nothing is recorded, and of each block its output alone is held.</summary>
    [Theory, InlineData(Precision.Float32), InlineData(Precision.BFloat16)]
    public void Frozen_blocks_below_the_lowest_adapter_cost_a_forward_pass_alone(Precision precision)
    {
        var (few, many) = (Cost(2), Cost(6));
        Assert.True(few.Entries > 3);
        Assert.Equal(few.Entries, many.Entries);
        long output = 2 * 18 * 40 * sizeof(float);
        Assert.InRange(many.Bytes - few.Bytes, 0, 4 * output * 5 / 4);

        (int Entries, long Bytes) Cost(int layers)
        {
            using var device = new CpuDevice(2, precision);
            var shape = Training.SmallModels.Of("gpt2");
            shape.NumLayers = layers;
            var model = Architectures.Build(Architectures.Configure(shape, 50, null), device, 1, adapters: new LoraOptions { Targets = [$"transformer.h.{layers - 1}.*"] }.Plan());
            using var scope = device.Scope("loss");
            int[] ids = [.. Enumerable.Range(0, 36).Select(i => i * 7 % 50)];
            long before = device.Memory.UsedBytes;
            var loss = model.Loss(device.From(ids, 2, 18), device.From(ids, 2, 18), 0, new ForwardContext { Training = true }).Loss;
            var cost = (device.Tape.Count, device.Memory.UsedBytes - before);
            loss.Backward();
            Assert.All(model.Parameters, p => Assert.Equal(p.IsAdapter, p.Value.HasGrad));
            return cost;
        }
    }

    private static void Near(double want, double got, string what) =>
        Assert.True(Math.Abs(got - want) <= Tolerance * want, $"{what}: {got} instead of {want}");
}
