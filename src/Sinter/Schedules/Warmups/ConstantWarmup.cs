using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>A share of the peak for all of the steps: PyTorch's <c>ConstantLR(factor, total_iters)</c>, whose default of a third it has.</summary>
public sealed class ConstantWarmup : WarmupOptions
{
    private const double Third = 1.0 / 3;

    /// <summary>The keys of <c>constant</c> in recipes.</summary>
    public static OptionsSchema<ConstantWarmup> Schema { get; } = Describe<ConstantWarmup>("A share of the peak for all of the steps (PyTorch's ConstantLR).", start: Third);

    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    protected override double Rise(double start, double done) => start;

    /// <inheritdoc/>
    protected override double DefaultStart(long steps) => Third;
}
