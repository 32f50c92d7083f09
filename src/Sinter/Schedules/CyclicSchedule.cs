using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="CyclicSchedule"/>. Defaults are PyTorch's.</summary>
public sealed class CyclicOptions : ScheduleOptions
{
    /// <summary>The keys of <c>cyclic</c> in recipes.</summary>
    public static OptionsSchema<CyclicOptions> Schema { get; } = OptionsSchema.Create<CyclicOptions>(
        "Up and down in straight lines (Smith, 2017; PyTorch's CyclicLR).", static b =>
    {
        Describe(b);
        b.OptionalNumber("min_learning_rate", "The learning rate between two peaks; null is a quarter of the peak.", o => o.MinLearningRate,
            (o, v) => o.MinLearningRate = v, NumberRange.NotNegative);
        b.Integer("steps_up", "Steps of each rise.", o => o.StepsUp, (o, v) => o.StepsUp = v, 1, 1L << 40);
        b.OptionalInteger("steps_down", "Steps of each fall; null is as many.", o => o.StepsDown, (o, v) => o.StepsDown = v, 1, 1L << 40);
        b.Choice("mode", "Peaks stay (triangular), halve with each cycle (triangular2) or fall by gamma at every step (exp_range).", o => o.Mode,
            (o, v) => o.Mode = v, ["triangular", "triangular2", "exp_range"]);
        b.Number("gamma", "The factor of exp_range.", o => o.Gamma, (o, v) => o.Gamma = v, NumberRange.Positive);
        b.Boolean("cycle_momentum", "Whether the optimizer's momentum (Adam's first beta) moves against the rate.", o => o.CycleMomentum,
            (o, v) => o.CycleMomentum = v);
        b.Pair("momentum", "The momentum at the peak and between two peaks, if it cycles.", o => o.Momentum, (o, v) => o.Momentum = v,
            NumberRange.BelowOne);
    });

    /// <inheritdoc/>
    public override string Name => "cyclic";

    /// <summary>The learning rate between two peaks, PyTorch's <c>base_lr</c>; null is a quarter of the peak, after Smith (2017), section 3.3.</summary>
    public double? MinLearningRate { get; set; }

    /// <summary>Steps of each rise.</summary>
    public long StepsUp { get; set; } = 2000;

    /// <summary>Steps of each fall; null is as many.</summary>
    public long? StepsDown { get; set; }

    /// <summary><c>triangular</c>, <c>triangular2</c> or <c>exp_range</c>.</summary>
    public string Mode { get; set; } = "triangular";

    /// <summary>The factor of <c>exp_range</c>.</summary>
    public double Gamma { get; set; } = 1;

    /// <summary>Whether the optimizer's momentum (Adam's β₁) moves against the rate. PyTorch's default is true, which excludes optimizers without one.</summary>
    public bool CycleMomentum { get; set; }

    /// <summary>The momentum at the peak and between two peaks, if it cycles.</summary>
    public (double AtPeak, double AtFloor) Momentum { get; set; } = (0.8, 0.9);

    /// <inheritdoc/>
    protected override double? Floor => MinLearningRate;

    /// <inheritdoc/>
    public override bool MovesMomentum => CycleMomentum;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new CyclicSchedule(this, peak);
}

/// <summary>
/// The learning rate goes up and down in straight lines (Smith, 2017, "Cyclical learning rates", section 3.2): PyTorch's <c>CyclicLR</c> with
/// <c>base_lr</c> the minimum and <c>max_lr</c> the peak.
/// </summary>
/// <param name="options">The shape.</param>
/// <param name="peak">The learning rate at the first peak.</param>
public sealed class CyclicSchedule(CyclicOptions options, double peak) : ISchedule
{
    private readonly double _floor = options.MinLearningRate ?? peak / 4;
    private readonly long _up = options.StepsUp, _cycle = options.StepsUp + (options.StepsDown ?? options.StepsUp);

    /// <inheritdoc/>
    public double At(long step) => _floor + (peak - _floor) * Height(step - 1);

    /// <inheritdoc/>
    public double? MomentumAt(long step) => !options.CycleMomentum ? null
        : options.Momentum.AtFloor - (options.Momentum.AtFloor - options.Momentum.AtPeak) * Height(step - 1);

    /// <summary>The share of the way to the peak, [0, 1].</summary>
    private double Height(long i)
    {
        long inCycle = i % _cycle;
        double height = inCycle <= _up ? (double)inCycle / _up : (double)(_cycle - inCycle) / (_cycle - _up);
        return options.Mode switch
        {
            "triangular2" => height * Math.Pow(0.5, i / _cycle),
            "exp_range" => height * Math.Pow(options.Gamma, i),
            _ => height,
        };
    }
}
