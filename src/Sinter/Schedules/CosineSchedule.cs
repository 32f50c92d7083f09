using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="CosineSchedule"/>.</summary>
public sealed class CosineOptions : DecayOptions
{
    /// <summary>The keys of <c>cosine</c> in recipes.</summary>
    public static OptionsSchema<CosineOptions> Schema { get; } = OptionsSchema.Create<CosineOptions>(
        "Half a cosine down to a floor (Loshchilov and Hutter, 2017; PyTorch's CosineAnnealingLR).", DescribeDecay);

    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new CosineSchedule(peak, MinLearningRate, steps);
}

/// <summary>
/// Half a cosine down to a floor (Loshchilov and Hutter, 2017, "SGDR", equation 5, without restarts), as nanoGPT computes it: after i updates,
/// floor + ½(1 + cos(π i/T))(α − floor). PyTorch's <c>CosineAnnealingLR(T_max=T, eta_min=floor)</c> and transformers'
/// <c>get_cosine_schedule_with_warmup</c>. The floor itself would be reached one update after the last.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="floor">The floor.</param>
/// <param name="steps">Updates until the floor, T.</param>
public sealed class CosineSchedule(double peak, double floor, long steps) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1;
        return i >= steps ? floor : floor + 0.5 * (1 + Math.Cos(Math.PI * ((double)i / steps))) * (peak - floor);
    }
}
