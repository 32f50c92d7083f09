using Sinter.Options;

namespace Sinter.Schedules.Warmups;

/// <summary>
/// Half a cosine: s + (1 − s) · ½(1 − cos(π i/w)) for the update after i others; with a start of 0 the warm-up of transformers'
/// <c>get_wsd_schedule(warmup_type="cosine")</c>.
/// </summary>
public sealed class CosineWarmup : WarmupOptions
{
    /// <summary>The keys of <c>cosine</c> in recipes.</summary>
    public static OptionsSchema<CosineWarmup> Schema { get; } = Describe<CosineWarmup>("Half a cosine from start_factor to the peak.");

    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <inheritdoc/>
    protected override double Rise(double start, double done) => start + (1 - start) * 0.5 * (1 - Math.Cos(Math.PI * done));
}
