using Sinter.Checkpoints.State;
using Sinter.Monitoring;
using Sinter.Options;
using Sinter.Training.Planning;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="MemoryBatch"/>.</summary>
public sealed class MemoryBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>memory</c> in recipes.</summary>
    public static OptionsSchema<MemoryBatchOptions> Schema { get; } = OptionsSchema.Create<MemoryBatchOptions>(
        "The largest micro-batch that the plan lets fit under a limit; the global batch stays.", static b =>
    {
        b.Integer("size", "Sequences of a step.", o => o.Size, (o, v) => o.Size = v, 1, 1 << 20);
        b.Text("memory_limit", "The most memory of the process: a size such as 4GiB, or a share of what is free such as 80%.", o => o.MemoryLimit,
            (o, v) => o.MemoryLimit = v, static text => Planning.MemoryLimit.TryParse(text, out _) ? null : $"must be {Planning.MemoryLimit.Expected}, not '{text}'");
    });

    /// <inheritdoc/>
    public override string Name => "memory";

    /// <summary>Sequences of a step.</summary>
    public int Size { get; set; } = 12;

    /// <summary>The most memory of the process, see <see cref="Planning.MemoryLimit"/>.</summary>
    public string MemoryLimit { get; set; } = "80%";

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Planner is null) return new MemoryBatch(Size, MemoryLimit, Size);   // who only counts steps
        if (!Planning.MemoryLimit.TryParse(MemoryLimit, out var limit)) throw new SinterException($"training.batch_size: memory_limit must be {Planning.MemoryLimit.Expected}.");
        long bytes = limit.Resolve();
        var plan = facts.Planner.Largest(Size, bytes) ?? throw TooLittle(facts.Planner, bytes);
        return new MemoryBatch(Size, MemoryLimit, plan.Rows) { Plan = plan };
    }

    /// <inheritdoc/>
    public override decimal? SequencesPerStep(int gradientAccumulation) => Size;

    private SinterException TooLittle(MemoryPlanner planner, long limit)
    {
        var least = planner.Plan(new StepBatch(Size, 1));
        string parts = string.Join(", ", least.Parts.Where(p => p.Bytes > 0).OrderByDescending(p => p.Bytes).Select(p => $"{p.What} {HumanFormat.Bytes(p.Bytes)}"));
        return new SinterException($"training.batch_size: memory_limit {MemoryLimit} is {HumanFormat.Bytes(limit)}, and even one sequence at a time takes "
            + $"{HumanFormat.Bytes(least.Total)} ({parts}). Raise the limit, set training.activation_checkpointing, or make the model or its context smaller.");
    }
}

/// <summary>
/// A step of so many sequences, computed as many at a time as the memory allows by the plan (<see cref="MemoryPlanner"/>), and fewer where the device then has no
/// memory left. The result is that of the whole batch but for rounding; the choice is state, so that a resumed run rounds as the first one did.
/// </summary>
/// <param name="size">Sequences of a step.</param>
/// <param name="limit">The limit in the recipe's words: with another one, a resumed run chooses anew.</param>
/// <param name="microBatch">Sequences computed at a time.</param>
public sealed class MemoryBatch(int size, string limit, int microBatch) : IBatchPolicy, IStateful
{
    private int _microBatch = microBatch;

    /// <summary>What was planned for the choice.</summary>
    public MemoryPlan Plan { get; init; }

    /// <inheritdoc/>
    public StepBatch At(StepStart start) => new(size, _microBatch);

    /// <inheritdoc/>
    public int? BackOff() => _microBatch == 1 ? null : _microBatch = (_microBatch + 1) / 2;

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("size", size);
        state.Text("memory_limit", limit);
        state.Integer("micro_batch", _microBatch);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isSame = state.Integer("size") == size & state.Text("memory_limit") == limit;
        int saved = (int)state.Integer("micro_batch");
        if (isSame) _microBatch = saved;
    }
}
