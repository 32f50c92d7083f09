using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="LinearSchedule"/>.</summary>
public sealed class LinearOptions : DecayOptions
{
    /// <summary>The keys of <c>linear</c> in recipes.</summary>
    public static OptionsSchema<LinearOptions> Schema { get; } = OptionsSchema.Create<LinearOptions>(
        "A straight line that falls to a floor (transformers' linear; PyTorch's LinearLR rises).", DescribeDecay);

    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new LinearSchedule(peak, MinLearningRate, steps);
}

/// <summary>
/// A straight line that falls to a floor: after i updates, floor + (1 − i/T)(α − floor). PyTorch's <c>LinearLR</c> rises by default; this is its
/// <c>LinearLR(start_factor=1, end_factor=floor/α, total_iters=T)</c> and, with no floor, transformers' <c>get_linear_schedule_with_warmup</c>. The floor
/// itself would be reached one update after the last.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="floor">The floor.</param>
/// <param name="steps">Updates until the floor, T.</param>
public sealed class LinearSchedule(double peak, double floor, long steps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1;
        return i >= steps ? floor : floor + (1 - (double)i / steps) * (peak - floor);
    }
}
