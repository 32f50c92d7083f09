using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="WsdSchedule"/>.</summary>
public sealed class WsdOptions : DecayOptions
{
    /// <summary>The keys of <c>wsd</c> in recipes.</summary>
    public static OptionsSchema<WsdOptions> Schema { get; } = OptionsSchema.Create<WsdOptions>(
        "The peak, and a fall at the end (Hu et al., 2024; transformers' get_wsd_schedule).", static b =>
    {
        DescribeDecay(b);
        b.OptionalInteger("decay_steps", "Steps of the fall at the end; null takes decay_share.", o => o.DecaySteps, (o, v) => o.DecaySteps = v);
        b.Number("decay_share", "The fall at the end as a share of the run, warm-up included.", o => o.DecayShare, (o, v) => o.DecayShare = v,
            NumberRange.Share);
        b.Choice("decay", "The shape of the fall.", o => o.Decay, (o, v) => o.Decay = v, ["cosine", "linear", "1-sqrt"]);
    });

    /// <inheritdoc/>
    public override string Name => "wsd";

    /// <summary>Steps of the fall at the end; null takes <see cref="DecayShare"/>.</summary>
    public long? DecaySteps { get; set; }

    /// <summary>The fall at the end as a share of the run, warm-up included; a tenth, as Hu et al. (2024) found enough.</summary>
    public double DecayShare { get; set; } = 0.1;

    /// <summary>The shape of the fall: <c>cosine</c> (transformers' default), <c>linear</c>, or <c>1-sqrt</c>, the best in Hägele et al. (2024).</summary>
    public string Decay { get; set; } = "cosine";

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new WsdSchedule(peak, MinLearningRate, steps, Math.Min(steps, DecaySteps ?? (long)Math.Ceiling(DecayShare * (steps + warmup))), Decay);

    /// <inheritdoc/>
    protected internal override string? Problem(double learningRate, long? steps) => DecaySteps > steps - WarmupLength(steps ?? 0)
        ? $"a decay of {DecaySteps} steps is longer than what the warm-up leaves of the run of {steps}" : null;
}

/// <summary>
/// Warm-up, stable, decay (Hu et al., 2024, "MiniCPM", section 4): the peak, and a fall in the last D steps. After d of these, floor + s(d/D)(α − floor),
/// where s(x) is ½(1 + cos πx), 1 − x or 1 − √x. transformers' <c>get_wsd_schedule</c>.
/// </summary>
/// <param name="peak">The learning rate until the fall, α.</param>
/// <param name="floor">The floor, which would be reached one update after the last.</param>
/// <param name="steps">Steps in all.</param>
/// <param name="decaySteps">Steps of the fall, D.</param>
/// <param name="decay"><c>cosine</c>, <c>linear</c> or <c>1-sqrt</c>.</param>
public sealed class WsdSchedule(double peak, double floor, long steps, long decaySteps, string decay) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1, begin = steps - decaySteps;
        return i < begin ? peak : i >= steps ? floor : floor + Left((double)(i - begin) / decaySteps) * (peak - floor);
    }

    private double Left(double done) => decay switch
    {
        "linear" => 1 - done,
        "1-sqrt" => 1 - Math.Sqrt(done),
        _ => 0.5 * (1 + Math.Cos(Math.PI * done)),
    };
}
