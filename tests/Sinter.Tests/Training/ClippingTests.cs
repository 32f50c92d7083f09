using Sinter.Training;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Training;

/// <summary>Each way of clipping against PyTorch's or its paper's in double: see gradients.py.</summary>
public sealed class ClippingTests
{
    // One rounding of each product to float32.
    private const double Tolerance = 1e-7;

    public static TheoryData<string> Names => [.. ClipperRegistry.All.Names];

    [Theory]
    [InlineData("value"), InlineData("norm"), InlineData("parameter_norm"), InlineData("adaptive"), InlineData("adaptive_head")]
    public void As_in_the_reference(string name)
    {
        using var fixture = new GradientFixture();
        IGradientClipper clipper = name switch
        {
            "value" => new ValueClipOptions { Max = 0.15 }.Create(),
            "norm" => new NormClipOptions { Max = 0.7 }.Create(),
            "parameter_norm" => new ParameterNormClipOptions { Max = 0.7 }.Create(),
            "adaptive" => new AdaptiveClipOptions { MaxRatio = 0.1 }.Create(),
            _ => new AdaptiveClipOptions { MaxRatio = 0.02, Epsilon = 0.5, ClipHead = true }.Create(),
        };
        var clipped = clipper.Clip(fixture.Gradients, fixture.Gradients.Norm());
        fixture.AssertGradients(fixture.Json.GetProperty(name), clipped.Scale, 2 * Tolerance);
        Assert.Equal(fixture.Norm() * clipped.Scale, clipped.Norm, 1e-6 * clipped.Norm);
        Assert.True(clipped.Norm < 0.9 * new GradientFixture().Gradients.Norm(), "nothing was clipped");
    }

    [Theory]
    [InlineData("statistical", 2.5, 0.97, 10, 1.15), InlineData("statistical_unlimited", 2.0, 0.9, 5, null)]
    public void Spikes_are_scaled_as_in_the_reference(string name, double threshold, double decay, int first, double? max)
    {
        using var fixture = new GradientFixture();
        var clipper = new StatisticalClipOptions { Threshold = threshold, Decay = decay, WarmupSteps = first, Max = max }.Create();
        double[] norms = GradientFixture.Numbers(fixture.Json, "norms"), want = GradientFixture.Numbers(fixture.Json, name);
        double[] got = [.. norms.Select(n => clipper.Clip(fixture.Gradients, n).Scale)];
        for (int i = 0; i < got.Length; i++) Assert.Equal(want[i], got[i], 1e-12);
        Assert.True(got[27] < 0.5 && got[33] < 0.05, "the spikes pass");
    }

    [Theory, MemberData(nameof(Names))]
    public void Small_gradients_stay_as_they_are(string name)
    {
        using var fixture = new GradientFixture();
        foreach (var p in fixture.Parameters) p.Value.Grad.Span.Fill(1e-6f);
        var clipped = Create(name).Clip(fixture.Gradients, fixture.Gradients.Norm());
        Assert.Equal(1, clipped.Scale);
        Assert.All(fixture.Parameters, p => Assert.All(p.Value.Grad.ToArray(), g => Assert.Equal(1e-6f, g)));
        Assert.Equal(fixture.Gradients.Norm(), clipped.Norm, 1e-12);
    }

    // A global batch of twelve, at once and as three micro-batches of four: clipped once, and by the same factor.
    [Theory, MemberData(nameof(Names))]
    public void Once_a_step_however_the_batch_is_cut(string name)
    {
        using var whole = new SmallLoop(SmallModels.Of("gpt2", 0), With(name, 12, 1)).Run();
        using var parts = new SmallLoop(SmallModels.Of("gpt2", 0), With(name, 4, 3)).Run();
        var steps = whole.Events.OfType<StepCompleted>().Zip(parts.Events.OfType<StepCompleted>()).ToList();
        Assert.Equal(6, steps.Count);
        Assert.Contains(steps, s => s.First.ClipFactor < 0.95);
        // The losses differ as in AccumulationTests; a factor is a quotient of norms, which have their own rounding on top.
        Assert.All(steps, s => Assert.Equal(s.First.Loss, s.Second.Loss, 1e-5 * s.First.Loss));
        Assert.All(steps, s => Assert.Equal(s.First.ClipFactor!.Value, s.Second.ClipFactor!.Value, 1e-4));
    }

    [Theory, MemberData(nameof(Names))]
    public void NaN_ends_the_run_whatever_clips(string name)
    {
        var options = With(name, 4, 1);
        options.Optimizer.LearningRate = 1e30;
        using var loop = new SmallLoop(SmallModels.Of("gpt2", 0), options);
        Assert.Throws<TrainingException>(() => loop.Run());
    }

    private static IGradientClipper Create(string name) => Options(name).Create();

    private static ClipperOptions Options(string name) => name switch
    {
        "norm" => new NormClipOptions { Max = 0.2 },
        "parameter_norm" => new ParameterNormClipOptions { Max = 0.02 },
        "value" => new ValueClipOptions { Max = 1e-3 },
        "adaptive" => new AdaptiveClipOptions { ClipHead = true },
        "statistical" => new StatisticalClipOptions { WarmupSteps = 3, Max = 0.5 },
        _ => throw new ArgumentException($"No case for the clipping '{name}': add one.", nameof(name)),
    };

    private static TrainingOptions With(string name, int batch, int accumulation)
    {
        var options = SmallLoop.Training(6, batch, accumulation);
        options.GradientClip = Options(name);
        return options;
    }
}
