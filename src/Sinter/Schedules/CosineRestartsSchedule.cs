using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="CosineRestartsSchedule"/>.</summary>
public sealed class CosineRestartsOptions : DecayOptions
{
    /// <summary>The keys of <c>cosine_restarts</c> in recipes.</summary>
    public static OptionsSchema<CosineRestartsOptions> Schema { get; } = OptionsSchema.Create<CosineRestartsOptions>(
        "Half a cosine down, again and again (Loshchilov and Hutter, 2017; PyTorch's CosineAnnealingWarmRestarts).", static b =>
    {
        DescribeDecay(b);
        b.OptionalInteger("period", "Steps until the first restart; null is a quarter of the run.", o => o.Period, (o, v) => o.Period = v, 1);
        b.Integer("period_factor", "Each period is this many times as long as the one before.", o => o.PeriodFactor, (o, v) => o.PeriodFactor = v, 1);
    });

    /// <inheritdoc/>
    public override string Name => "cosine_restarts";

    /// <summary>Steps until the first restart, PyTorch's <c>T_0</c>; null is a quarter of the run.</summary>
    public long? Period { get; set; }

    /// <summary>Each period is this many times as long as the one before, PyTorch's <c>T_mult</c>.</summary>
    public long PeriodFactor { get; set; } = 1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new CosineRestartsSchedule(peak, MinLearningRate, Period ?? Math.Max(1, (long)Math.Ceiling(steps / 4.0)), PeriodFactor);
}

/// <summary>
/// Half a cosine down, again and again (Loshchilov and Hutter, 2017, "SGDR", equation 5): with i updates since the last restart in a period of Tᵢ,
/// floor + ½(1 + cos(π i/Tᵢ))(α − floor). PyTorch's <c>CosineAnnealingWarmRestarts(T_0, T_mult, eta_min=floor)</c>; transformers'
/// <c>get_cosine_with_hard_restarts_schedule_with_warmup</c> has equal periods and no floor.
/// </summary>
/// <param name="peak">The learning rate at each restart, α.</param>
/// <param name="floor">The floor.</param>
/// <param name="period">Steps of the first period.</param>
/// <param name="factor">Each period is this many times as long as the one before.</param>
public sealed class CosineRestartsSchedule(double peak, double floor, long period, long factor) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1, length = period;
        if (factor == 1) i %= length;
        for (; i >= length && length <= long.MaxValue / factor; length *= factor) i -= length;
        return floor + 0.5 * (1 + Math.Cos(Math.PI * ((double)i / length))) * (peak - floor);
    }
}
