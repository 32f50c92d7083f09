using Sinter.Checkpoints;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Tensors;

namespace Sinter.Tests.Models;

/// <summary>Encoders, and the heads of all families, against transformers: see References/models/heads.py.</summary>
public sealed class HeadParityTests
{
    // Float32 sums in another order than PyTorch's: its own float32 differs from its float64 by up to 1e-5 here.
    private const double Tolerance = 1e-4;

    private static readonly AdamWOptions Options = new() { LearningRate = 5e-3, Betas = (0.9, 0.95), Epsilon = 1e-8, WeightDecay = 0.1 };

    public static TheoryData<string> Masked => ["bert-masked", "roberta-masked", "distilbert-masked"];

    public static TheoryData<string> All =>
    [
        "bert-masked", "roberta-masked", "distilbert-masked", "bert-labels", "roberta-labels", "distilbert-labels", "gpt2-labels", "llama-labels",
        "bert-many", "bert-number", "distilbert-weighted", "bert-types",
    ];

    [Theory, MemberData(nameof(All))]
    public void Logits(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        using var scope = device.Scope("logits");
        float[] logits = test.Model.Logits(test.Batch, test.Context).ToArray(), want = test.Reference.Float32("logits");
        Closeness.Close(test.Real(want), test.Real(logits), Tolerance, "logits");
    }

    [Theory, MemberData(nameof(All))]
    public void Gradients_by_name(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        using var scope = device.Scope("step");
        var result = test.Model.Loss(test.Batch, test.Options, test.Context);
        Assert.Equal(test.Reference.Float32("loss")[0], result.Loss.Item, 1e-4);
        result.Loss.Backward();
        foreach (var parameter in test.Model.Parameters)
            Closeness.Close(test.Reference.Float32("grad." + parameter.Name), parameter.Value.Grad.Span, Tolerance, parameter.Name, floor: 1e-6);
    }

    [Theory, MemberData(nameof(All))]
    public void Ten_updates(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        double[] losses = test.Reference.Float64("losses");
        Assert.Equal(11, losses.Length);
        var optimizer = Options.Create(test.Model.Parameters);
        for (int step = 0; step < losses.Length; step++)
        {
            using var scope = device.Scope("step");
            foreach (var parameter in test.Model.Parameters) parameter.Value.ZeroGrad();
            var result = test.Model.Loss(test.Batch, test.Options, test.Context);
            Assert.True(Math.Abs(losses[step] - result.Loss.Item) <= Tolerance * Math.Max(1, losses[step]), $"loss {step}: {result.Loss.Item} instead of {losses[step]}");
            result.Loss.Backward();
            optimizer.Update(Options.LearningRate, 1);
        }
    }

    /// <summary>The same whole and in micro-batches: the divisor is the count of the whole batch.</summary>
    [Theory, InlineData("bert-labels"), InlineData("roberta-masked"), InlineData("bert-many"), InlineData("bert-number"), InlineData("distilbert-weighted"),
        InlineData("gpt2-labels")]
    public void Micro_batches_give_the_same_gradients(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        float[] whole = Gradients(test, [test.Batch]), parts = Gradients(test, [test.Rows(0, 1), test.Rows(1, 2), test.Rows(3, 1)]);
        Closeness.Close(whole, parts, 1e-5, "gradients");
    }

    /// <summary>Where no target says which position stands for a text, segments do, and without them the id of padding.</summary>
    [Theory, InlineData("bert-labels"), InlineData("gpt2-labels"), InlineData("llama-labels")]
    public void The_position_of_a_text_is_found_without_its_label(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        using var scope = device.Scope("logits");
        float[] want = test.Model.Logits(test.Batch, default).ToArray();
        Assert.Equal(want, test.Model.Logits(test.Batch with { Targets = default }, default).ToArray());
        if (name == "bert-labels") return;   // without segments every position would see the padding
        Closeness.Close(want, test.Model.Logits(new SequenceBatch(test.Batch.Tokens, default), default).Span, 1e-5, "by the id of padding");
    }

    [Theory, MemberData(nameof(All))]
    public void A_saved_model_computes_the_same_bits(string name)
    {
        using var device = new CpuDevice(2);
        using var folder = new Checkpoints.TempFolder();
        var test = new HeadCase(device, name);
        ModelFolder.Save(folder.Path, test.Model, null);
        var loaded = (ILogitsModel)ModelFolder.Load(folder.Path, device).Model;
        Assert.Equal(test.Model.Config.Labels, loaded.Config.Labels);
        Assert.Equal(test.Model.Config with { Labels = null }, loaded.Config with { Labels = null });
        using var scope = device.Scope("logits");
        Assert.Equal(test.Model.Logits(test.Batch, test.Context).ToArray(), loaded.Logits(test.Batch, test.Context).ToArray());
    }

    /// <summary>Texts packed into one row are judged as each alone: places restart, and nothing sees another text.</summary>
    [Theory, InlineData("bert-labels"), InlineData("roberta-labels"), InlineData("gpt2-labels")]
    public void Positions_restart_in_packed_rows(string name)
    {
        using var device = new CpuDevice(2);
        var test = new HeadCase(device, name);
        var backbone = test.Model;
        using var scope = device.Scope("packed");
        int[] first = [5, 6, 7, 8], second = [9, 10, 11];
        var packed = new SequenceBatch(device.From([.. first, .. second], 1, 7), Label(device, 7, backbone.IsDecoder() ? 6 : 4))
        {
            Segments = device.From([0, 0, 0, 0, 1, 1, 1], 1, 7),
        };
        var alone = new SequenceBatch(device.From(second, 1, 3), Label(device, 3, backbone.IsDecoder() ? 2 : 0));
        Closeness.Close(backbone.Logits(alone, default).Span, backbone.Logits(packed, default).Span, 1e-5, "packed");
    }

    /// <summary>Writes the folders that heads.py opens with transformers.</summary>
    [Fact(Explicit = true)]
    public void Write_heads_for_transformers()
    {
        string? target = Environment.GetEnvironmentVariable("SINTER_TRANSFORMERS_CHECK");
        Assert.SkipWhen(target is null, "SINTER_TRANSFORMERS_CHECK does not name a folder to write to.");
        using var device = new CpuDevice(2);
        foreach (string name in All.Select(row => row.Data))
        {
            Directory.CreateDirectory(Path.Combine(target!, name));
            ModelFolder.Save(Path.Combine(target!, name), new HeadCase(device, name).Model, null);
        }
    }

    private static Tensor Label(CpuDevice device, int length, int at)
    {
        int[] targets = [.. Enumerable.Repeat(-100, length)];
        targets[at] = 0;
        return device.From(targets, 1, length);
    }

    private static float[] Gradients(HeadCase test, SequenceBatch[] batches)
    {
        using var scope = test.Model.Device.Scope("step");
        foreach (var parameter in test.Model.Parameters) parameter.Value.ZeroGrad();
        long count = test.Batch.Targets.Int32Span.ToArray().Count(t => t != -100);
        foreach (var batch in batches) test.Model.Loss(batch, test.Options with { TargetCount = count }, test.Context).Loss.Backward();
        return [.. test.Model.Parameters.SelectMany(p => p.Value.Grad.ToArray())];
    }
}
