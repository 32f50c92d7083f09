using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tests.Models;

namespace Sinter.Tests.Training;

/// <summary>A step's gradient is that of its global batch, however the batch is cut.</summary>
public sealed class AccumulationTests
{
    private const int Batch = 12, Vocabulary = 31;

    // The same sums of float32 in another order: 1e-7 each; the promise is 1e-5.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("gpt2", 0.0, false), InlineData("gpt2", 0.0, true), InlineData("gpt2", 0.1, true),
     InlineData("llama", 0.0, false), InlineData("llama", 0.0, true), InlineData("llama", 0.1, true)]
    public void Twelve_at_once_and_three_times_four(string architecture, double dropout, bool unequal)
    {
        float[] whole = Gradient(architecture, dropout, unequal, 12), parts = Gradient(architecture, dropout, unequal, 4),
            uneven = Gradient(architecture, dropout, unequal, 5);
        Closeness.Close(whole, parts, Tolerance, "three times four", floor: 0);
        Closeness.Close(whole, uneven, Tolerance, "five, five and two", floor: 0);
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Nor_do_stochastic_depth_label_smoothing_and_z_loss_see_the_cut(string architecture)
    {
        var loss = new CrossEntropyOptions { LabelSmoothing = 0.2f, ZLoss = 0.01f };
        var model = SmallModels.Dropping(architecture);
        float[] whole = Gradient(model, true, 12, loss: loss);
        Closeness.Close(whole, Gradient(model, true, 4, loss: loss), Tolerance, "three times four", floor: 0);
        Closeness.Close(whole, Gradient(model, true, 5, loss: loss), Tolerance, "five, five and two", floor: 0);
    }

    // Each of them, alone, is seen in the gradient: the equality above is no equality of nothing.
    [Theory]
    [InlineData("embedding"), InlineData("attention"), InlineData("residual"), InlineData("depth"), InlineData("smoothing"), InlineData("z")]
    public void Each_of_them_does_something(string which)
    {
        foreach (string architecture in new[] { "gpt2", "llama" })
        {
            var model = SmallModels.Of(architecture);
            if (which == "embedding") model.EmbeddingDropout = 0.2;
            if (which == "attention") model.AttentionDropout = 0.2;
            if (which == "residual") model.ResidualDropout = 0.2;
            if (which == "depth") model.StochasticDepth = 0.5;
            var loss = new CrossEntropyOptions { LabelSmoothing = which == "smoothing" ? 0.2f : 0, ZLoss = which == "z" ? 0.1f : 0 };
            float[] with = Gradient(model, false, 12, loss: loss), without = Gradient(SmallModels.Of(architecture), false, 12);
            double difference = Math.Sqrt(with.Zip(without, (a, b) => Math.Pow(a - b, 2)).Sum()), norm = Math.Sqrt(without.Sum(a => (double)a * a));
            Assert.True(difference > 1e-3 * norm, $"{architecture}: {difference} of {norm}");
        }
    }

    // What the equality would look like if each micro-batch were averaged by itself: far away, so the test above can see it.
    [Fact]
    public void The_mean_of_means_is_another_gradient()
    {
        float[] whole = Gradient("gpt2", 0, unequal: true, 12), wrong = Gradient("gpt2", 0, unequal: true, 4, ownCounts: true);
        double difference = Math.Sqrt(whole.Zip(wrong, (a, b) => Math.Pow(a - b, 2)).Sum()), norm = Math.Sqrt(whole.Sum(a => (double)a * a));
        Assert.True(difference > 0.05 * norm, $"{difference} of {norm}");
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void A_masked_model_differs_from_one_without_masks(string architecture)
    {
        float[] with = Gradient(architecture, 0.1, false, 12), without = Gradient(architecture, 0, false, 12);
        double difference = Math.Sqrt(with.Zip(without, (a, b) => Math.Pow(a - b, 2)).Sum()), norm = Math.Sqrt(without.Sum(a => (double)a * a));
        Assert.True(difference > 0.05 * norm, $"{difference} of {norm}: dropout does nothing");
    }

    // The first update of AdamW is the sign of the gradient, so its smallest elements may differ by twice the learning rate: the losses agree to
    // less than the gradients do.
    [Theory]
    [InlineData("gpt2", 0.0), InlineData("llama", 0.0), InlineData("gpt2", 0.1), InlineData("llama", 0.1), InlineData("gpt2", null), InlineData("llama", null)]
    public void The_loop_has_the_same_losses(string architecture, double? dropout)
    {
        var model = dropout is { } d ? SmallModels.Of(architecture, d) : SmallModels.Dropping(architecture);
        using var whole = new SmallLoop(model, Options(12, 1)).Run();
        using var parts = new SmallLoop(model, Options(4, 3)).Run();
        Assert.Equal(6, whole.Losses.Length);
        for (int i = 0; i < 6; i++)
            Assert.True(Math.Abs(whole.Losses[i] - parts.Losses[i]) <= 1e-5 * whole.Losses[i],
                $"step {i + 1}: {whole.Losses[i]} and {parts.Losses[i]}");
        Assert.Equal(whole.Events.OfType<Sinter.Training.StepCompleted>().Select(s => (s.Step, s.Tokens)),
            parts.Events.OfType<Sinter.Training.StepCompleted>().Select(s => (s.Step, s.Tokens)));
        var norms = whole.Events.OfType<Sinter.Training.StepCompleted>().Zip(parts.Events.OfType<Sinter.Training.StepCompleted>(), (a, b) =>
            (a.GradientNorm, b.GradientNorm));
        Assert.All(norms, n => Assert.True(Math.Abs(n.Item1 - n.Item2) <= 1e-4 * n.Item1, $"{n}"));
        if (dropout is not null) return;
        var terms = whole.Events.OfType<Sinter.Training.StepCompleted>().Zip(parts.Events.OfType<Sinter.Training.StepCompleted>());
        Assert.All(terms, t => Assert.Equal(t.First.SmoothedLoss!.Value, t.Second.SmoothedLoss!.Value, 1e-5 * t.First.Loss));
        Assert.All(terms, t => Assert.Equal(t.First.ZLoss!.Value, t.Second.ZLoss!.Value, 1e-5 * t.First.ZLoss.Value));

        Sinter.Training.TrainingOptions Options(int batch, int accumulation)
        {
            var options = SmallLoop.Training(6, batch, accumulation);
            if (dropout is null) (options.LabelSmoothing, options.ZLoss) = (0.1, 0.01);
            return options;
        }
    }

    private static float[] Gradient(string architecture, double dropout, bool unequal, int micro, bool ownCounts = false) =>
        Gradient(SmallModels.Of(architecture, dropout), unequal, micro, ownCounts);

    private static float[] Gradient(ModelOptions options, bool unequal, int micro, bool ownCounts = false, CrossEntropyOptions loss = default)
    {
        using var device = new CpuDevice(2);
        var model = Architectures.Build(Architectures.Configure(options, Vocabulary, null), device, seed: 3);
        int length = model.Config.ContextLength;
        int[] tokens = new int[Batch * length], targets = new int[Batch * length];
        Draw(tokens, targets, length, unequal);
        long count = targets.Count(t => t >= 0);
        for (int first = 0; first < Batch; first += micro)
        {
            using var scope = device.Scope("micro-batch");
            int rows = Math.Min(micro, Batch - first);
            var range = new Range(first * length, (first + rows) * length);
            var context = new ForwardContext { Training = true, Seed = 5, Step = 9, FirstSample = first };
            Tensor input = device.From(tokens[range], rows, length), wanted = device.From(targets[range], rows, length);
            var result = model.Loss(new SequenceBatch(input, wanted), loss with { IgnoredTarget = -100, TargetCount = ownCounts ? 0 : count }, context);
            Assert.Equal(targets[range].Count(t => t >= 0), result.Targets);
            result.Loss.Backward();
        }
        float scale = ownCounts ? (float)micro / Batch : 1;
        return [.. model.Parameters.SelectMany(p => p.Value.Grad.ToArray()).Select(g => g * scale)];
    }

    private static void Draw(int[] tokens, int[] targets, int length, bool unequal)
    {
        var random = new Random(11);
        for (int i = 0; i < tokens.Length; i++) (tokens[i], targets[i]) = (random.Next(Vocabulary), random.Next(Vocabulary));
        if (!unequal) return;
        // The first four samples keep nearly all, the next few one target each, one sample none at all.
        for (int sample = 4; sample < 9; sample++)
            for (int i = 0; i < length; i++)
                if (sample == 6 || i != sample) targets[sample * length + i] = -100;
        targets[3] = targets[length] = -100;
    }
}
