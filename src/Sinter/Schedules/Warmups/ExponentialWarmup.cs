using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>The same factor at every step: s^(1 − i/w) for the update after i others, PyTorch's <c>ExponentialLR(gamma=s**(-1/w))</c> from s times the peak.</summary>
public sealed class ExponentialWarmup : WarmupOptions
{
    /// <summary>The keys of <c>exponential</c> in recipes.</summary>
    public static OptionsSchema<ExponentialWarmup> Schema { get; } = Describe<ExponentialWarmup>("The same factor at every step (PyTorch's ExponentialLR, its gamma above 1).", startsAboveZero: true);

    /// <inheritdoc/>
    public override string Name => "exponential";

    /// <inheritdoc/>
    protected override double Rise(double start, double done) => Math.Pow(start, 1 - done);
}
