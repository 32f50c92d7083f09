using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="OneCycleSchedule"/>. Defaults are PyTorch's.</summary>
public sealed class OneCycleOptions : ScheduleOptions
{
    /// <summary>The keys of <c>one_cycle</c> in recipes.</summary>
    public static OptionsSchema<OneCycleOptions> Schema { get; } = OptionsSchema.Create<OneCycleOptions>(
        "One rise, and one fall to far below the start (Smith and Topin, 2018; PyTorch's OneCycleLR).", static b =>
    {
        Describe(b);
        b.Number("rise_share", "The rise as a share of the run.", o => o.RiseShare, (o, v) => o.RiseShare = v, NumberRange.ProperShare);
        b.Number("start_factor", "The first update's share of the peak.", o => o.StartFactor, (o, v) => o.StartFactor = v, PositiveShare);
        b.Number("end_factor", "The last update's share of the first's rate.", o => o.EndFactor, (o, v) => o.EndFactor = v, PositiveShare);
        b.Choice("shape", "How the rate rises and falls.", o => o.Shape, (o, v) => o.Shape = v, ["cosine", "linear"]);
        b.Boolean("three_phase", "Whether the fall mirrors the rise, and a third phase follows.", o => o.ThreePhase, (o, v) => o.ThreePhase = v);
        b.Boolean("cycle_momentum", "Whether the optimizer's momentum (Adam's first beta) moves against the rate.", o => o.CycleMomentum,
            (o, v) => o.CycleMomentum = v);
        b.Pair("momentum", "The momentum at the peak and at both ends, if it cycles.", o => o.Momentum, (o, v) => o.Momentum = v, NumberRange.BelowOne);
    });

    private static NumberRange PositiveShare => NumberRange.Share with { IncludesMinimum = false };

    /// <inheritdoc/>
    public override string Name => "one_cycle";

    /// <summary>The rise as a share of the run, PyTorch's <c>pct_start</c>.</summary>
    public double RiseShare { get; set; } = 0.3;

    /// <summary>The first update's share of the peak, 1 ÷ PyTorch's <c>div_factor</c>.</summary>
    public double StartFactor { get; set; } = 1 / 25.0;

    /// <summary>The last update's share of the first's rate, 1 ÷ PyTorch's <c>final_div_factor</c>.</summary>
    public double EndFactor { get; set; } = 1e-4;

    /// <summary><c>cosine</c> or <c>linear</c>.</summary>
    public string Shape { get; set; } = "cosine";

    /// <summary>Whether the fall mirrors the rise, and a third phase follows, as in the paper; two phases, as in PyTorch, otherwise.</summary>
    public bool ThreePhase { get; set; }

    /// <summary>Whether the optimizer's momentum (Adam's β₁) moves against the rate. PyTorch's default is true, which excludes optimizers without one.</summary>
    public bool CycleMomentum { get; set; }

    /// <summary>The momentum at the peak and at both ends, if it cycles.</summary>
    public (double AtPeak, double AtEnds) Momentum { get; set; } = (0.85, 0.95);

    /// <inheritdoc/>
    public override bool MovesMomentum => CycleMomentum;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new OneCycleSchedule(this, peak, steps);
}

/// <summary>
/// One rise and one fall to far below the start (Smith and Topin, 2018, "Super-convergence"): PyTorch's <c>OneCycleLR(max_lr=peak, total_steps=T)</c>.
/// The phases end at updates p T − 1 (and 2p T − 2) and T − 1, counted from 0, which need not be whole numbers.
/// </summary>
public sealed class OneCycleSchedule : ISchedule
{
    private readonly (double End, double Rate, double Momentum)[] _points;
    private readonly bool _isLinear, _cyclesMomentum;

    /// <summary>The cycle.</summary>
    /// <param name="options">The shape.</param>
    /// <param name="peak">The learning rate at the end of the rise.</param>
    /// <param name="steps">Steps in all.</param>
    public OneCycleSchedule(OneCycleOptions options, double peak, long steps)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_isLinear, _cyclesMomentum) = (options.Shape == "linear", options.CycleMomentum);
        var (low, high) = options.Momentum;
        double start = peak * options.StartFactor, rise = options.RiseShare * steps;
        _points = options.ThreePhase
            ? [(0, start, high), (rise - 1, peak, low), (2 * rise - 2, start, high), (steps - 1, start * options.EndFactor, high)]
            : [(0, start, high), (rise - 1, peak, low), (steps - 1, start * options.EndFactor, high)];
    }

    /// <inheritdoc/>
    public double At(long step)
    {
        var (phase, done) = Phase(step);
        return Between(_points[phase].Rate, _points[phase + 1].Rate, done);
    }

    /// <inheritdoc/>
    public double? MomentumAt(long step)
    {
        if (!_cyclesMomentum) return null;
        var (phase, done) = Phase(step);
        return Between(_points[phase].Momentum, _points[phase + 1].Momentum, done);
    }

    private (int Phase, double Done) Phase(long step)
    {
        double i = Math.Min(step - 1, _points[^1].End);
        int phase = 0;
        while (phase < _points.Length - 2 && i > _points[phase + 1].End) phase++;
        double length = _points[phase + 1].End - _points[phase].End;
        return (phase, length == 0 ? 1 : (i - _points[phase].End) / length);
    }

    private double Between(double from, double to, double done) =>
        _isLinear ? from + (to - from) * done : to + (from - to) / 2 * (1 + Math.Cos(Math.PI * done));
}
