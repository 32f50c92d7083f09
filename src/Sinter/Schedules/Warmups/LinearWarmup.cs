using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>
/// A straight line: s + (1 − s)i/w for the update after i others, PyTorch's <c>LinearLR(start_factor=s, total_iters=w)</c>. The default start, 1/(w+1),
/// gives update number n the share n/(w+1), as in nanoGPT; transformers' schedules have a start of 0.
/// </summary>
public sealed class LinearWarmup : WarmupOptions
{
    /// <summary>The keys of <c>linear</c> in recipes.</summary>
    public static OptionsSchema<LinearWarmup> Schema { get; } = Describe<LinearWarmup>("A straight line from start_factor to the peak (PyTorch's LinearLR).");

    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    protected override double Rise(double start, double done) => start + (1 - start) * done;
}
