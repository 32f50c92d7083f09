using Sinter.Checkpoints.State;
using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="SequenceSchedule"/>.</summary>
public sealed class SequenceOptions : ScheduleOptions
{
    /// <summary>The keys of <c>sequence</c> in recipes.</summary>
    public static OptionsSchema<SequenceOptions> Schema { get; } = OptionsSchema.Create<SequenceOptions>(
        "Schedules one after another (PyTorch's SequentialLR).", static b =>
    {
        Describe(b);
        b.Strategies("schedules", "The schedules, one after another; each rises to the same peak and is as long as its part.", o => o.Schedules,
            (o, v) => o.Schedules = v, () => ScheduleRegistry.All.Without("sequence"), least: 2);
        b.Integers("milestones", "Steps after which the second, third … schedule begins, counted from the end of the warm-up.", o => o.Milestones,
            (o, v) => o.Milestones = v, 1);
        b.Numbers("shares", "The same as shares of the run instead; without either all are equally long.", o => o.Shares, (o, v) => o.Shares = v,
            NumberRange.ProperShare);
        b.Rule(["milestones", "schedules"], static o => Wrong(o.Milestones, o.Schedules.Count));
        b.Rule(["shares", "schedules"], static o => Wrong(o.Shares, o.Schedules.Count));
        b.Rule(["shares", "milestones"], static o => o.Shares.Count > 0 && o.Milestones.Count > 0 ? "set this or milestones, not both" : null);
    });

    /// <inheritdoc/>
    public override string Name => "sequence";

    /// <summary>The schedules, one after another; each rises to the same peak and is as long as its part of the run.</summary>
    public IReadOnlyList<ScheduleOptions> Schedules { get; set; } = [new ConstantOptions(), new CosineOptions()];

    /// <summary>Steps after which the second, third … schedule begins, counted from the end of the warm-up.</summary>
    public IReadOnlyList<long> Milestones { get; set; } = [];

    /// <summary>The milestones as shares of the run after the warm-up instead; without either all parts are equally long.</summary>
    public IReadOnlyList<double> Shares { get; set; } = [];

    /// <inheritdoc/>
    public override bool MovesMomentum => Schedules.Any(s => s.MovesMomentum);

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup)
    {
        var begins = Begins(steps);
        var ends = begins.Skip(1).Append(Math.Max(steps, begins[^1] + 1));
        return SequenceSchedule.Of([.. Schedules.Zip(begins.Zip(ends), (s, part) => s.Create(peak, part.Second - part.First))], begins[1..]);
    }

    /// <inheritdoc/>
    protected internal override string? Problem(double learningRate, long? steps)
    {
        if (steps is { } known && Milestones.Count > 0 && Milestones[^1] >= known - WarmupLength(known))
            return $"the milestone {Milestones[^1]} is not within the run of {known} steps";
        return Schedules.Select((s, i) => (s.FloorError(learningRate) is { } floor ? $"min_learning_rate: {floor}" : s.Problem(learningRate, null)) is { } problem
            ? $"schedules.{i}: {problem}" : null).FirstOrDefault(p => p is not null);
    }

    private List<long> Begins(long steps)
    {
        int parts = Schedules.Count;
        IEnumerable<long> milestones = Milestones.Count > 0 ? Milestones
            : Shares.Count > 0 ? Shares.Select(s => (long)Math.Round(s * steps)) : Enumerable.Range(1, parts - 1).Select(i => (long)((Int128)steps * i / parts));
        var begins = new List<long> { 0 };
        foreach (long milestone in milestones) begins.Add(Math.Max(milestone, begins[^1] + 1));
        return begins;
    }

    private static string? Wrong<T>(IReadOnlyList<T> values, int schedules) where T : IComparable<T> =>
        values.Count == 0 ? null
        : values.Count != schedules - 1 ? $"{schedules} schedules need {schedules - 1} of these, not {values.Count}"
        : values.Zip(values.Skip(1)).Any(p => p.First.CompareTo(p.Second) >= 0) ? "each must be more than the one before" : null;
}

/// <summary>
/// Schedules one after another, each counting from its own first step: PyTorch's <c>SequentialLR(schedulers, milestones)</c>. A warm-up before a schedule is
/// one.
/// </summary>
public class SequenceSchedule : ISchedule
{
    private readonly IReadOnlyList<long> _milestones;

    private protected SequenceSchedule(IReadOnlyList<ISchedule> parts, IReadOnlyList<long> milestones) => (Parts, _milestones) = (parts, milestones);

    /// <summary>The schedules.</summary>
    protected IReadOnlyList<ISchedule> Parts { get; }

    /// <summary>Puts schedules one after another; the whole follows metrics if one of them does.</summary>
    /// <param name="parts">The schedules.</param>
    /// <param name="milestones">Updates before the second, the third …, increasing.</param>
    public static SequenceSchedule Of(IReadOnlyList<ISchedule> parts, IReadOnlyList<long> milestones)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(milestones);
        return parts.Any(p => p is IMetricSchedule) ? new MetricSequenceSchedule(parts, milestones) : new SequenceSchedule(parts, milestones);
    }

    /// <inheritdoc/>
    public double At(long step) => Part(step).At(step - Begin(step));

    /// <inheritdoc/>
    public double? MomentumAt(long step) => Part(step).MomentumAt(step - Begin(step));

    /// <summary>The schedule of a step.</summary>
    protected ISchedule Part(long step) => Parts[Index(step)];

    /// <summary>Steps before the first of the schedule of <paramref name="step"/>.</summary>
    protected long Begin(long step) => Index(step) is > 0 and var i ? _milestones[i - 1] : 0;

    private int Index(long step)
    {
        int i = 0;
        while (i < _milestones.Count && step > _milestones[i]) i++;
        return i;
    }
}

/// <summary>A sequence in which one of the schedules follows what the run logs; it hears of its own steps alone.</summary>
public sealed class MetricSequenceSchedule : SequenceSchedule, IMetricSchedule
{
    internal MetricSequenceSchedule(IReadOnlyList<ISchedule> parts, IReadOnlyList<long> milestones) : base(parts, milestones) { }

    /// <inheritdoc/>
    public void Observe(long step, MetricSet metrics) => (Part(step) as IMetricSchedule)?.Observe(step - Begin(step), metrics);

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (int i = 0; i < Parts.Count; i++) (Parts[i] as IMetricSchedule)?.Save(state.Section($"part{i}"));
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (int i = 0; i < Parts.Count; i++) (Parts[i] as IMetricSchedule)?.Load(state.Section($"part{i}"));
    }
}
