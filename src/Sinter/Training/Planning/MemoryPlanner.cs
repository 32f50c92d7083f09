using Sinter.Data;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Training.Batches;

namespace Sinter.Training.Planning;

/// <summary>
/// Predicts the peak of a run's resident memory before anything of it is taken: the model is built and steps are rehearsed on a device that hands out memory and
/// computes nothing (<see cref="CpuDevice.Rehearsal"/>). So what is counted is what the layers, the tape, the pool, the kernels and the optimizer
/// ask for, whichever they are.
/// </summary>
/// <param name="config">The model.</param>
/// <param name="options">Precision, threads, checkpointing, optimizer, and all else that takes memory.</param>
/// <param name="process">What the program itself takes; null is what it has resident now, and what is still to come.</param>
public sealed class MemoryPlanner(ModelConfig config, TrainingOptions options, long? process = null)
{
    /// <summary>Code that steps compile and what goes with it, in bytes.</summary>
    private const long Compiled = 14 << 20;

    private const int StepsAsked = 256;

    /// <summary>The tokens of a sequence, where <see cref="Sequences"/> does not say more.</summary>
    public int ContextLength { get; init; } = config.ContextLength;

    /// <summary>What steps take: each sequence is planned to be as wide as the widest of them, and of their form. Null is text.</summary>
    public ITrainingSequences? Sequences { get; init; }

    /// <summary>The adapters that are trained in place of the model; null trains the model.</summary>
    public IAdapterPlan? Adapters { get; init; }

    private readonly long _process = process ?? Environment.WorkingSet + Compiled;

    private PlannedSequences Planned => field ??= Sequences is null ? new PlannedSequences(ContextLength) : PlannedSequences.Of(Sequences);

    /// <summary>What a run of these options takes: its largest steps, where the batch policy changes them.</summary>
    public MemoryPlan Plan()
    {
        var policy = options.BatchSize.Create(new BatchFacts(Planned, options.GradientAccumulation, options.Seed) { Planner = this });
        var largest = policy.At(new StepStart(1, long.MaxValue / 4, long.MaxValue / 4));   // where a batch that grows has grown
        for (var at = new StepStart(1, 0, 0); at.Step <= StepsAsked; at = new StepStart(at.Step + 1, 0, 0))
            if (policy.At(at) is var batch && batch.RowsOf(Planned.ContextLength) > largest.RowsOf(Planned.ContextLength)) largest = batch;
        return Plan(largest);
    }

    /// <summary>What a run of steps of this batch takes.</summary>
    /// <exception cref="OutOfMemoryException">The system refuses even the addresses.</exception>
    public MemoryPlan Plan(StepBatch batch)
    {
        using var device = CpuDevice.Rehearsal(options.Threads, PrecisionNames.Of(options.Precision));
        return Rehearsal.Run(device, config, options, Planned, batch, Adapters) with { Process = _process };
    }

    /// <summary>Does for real what <see cref="Plan(StepBatch)"/> rehearses, with random tokens, to compare <see cref="MemoryPlan.Device"/> and the process's peak.</summary>
    public MemoryPlan Measure(StepBatch batch)
    {
        using var device = new CpuDevice(options.Threads, PrecisionNames.Of(options.Precision));
        return Rehearsal.Run(device, config, options, Planned, batch, Adapters) with { Process = _process };
    }

    /// <summary>The largest micro-batch of a batch of <paramref name="sequences"/> that stays under a limit, as even as the number of micro-batches allows; null
    /// where not even one sequence does.</summary>
    /// <param name="sequences">Sequences of the global batch.</param>
    /// <param name="limit">Bytes.</param>
    public MemoryPlan? Largest(long sequences, long limit)
    {
        // At once no weights are packed to be held, so this is no end of the scale below.
        if (sequences <= int.MaxValue && Fits(new StepBatch(sequences, (int)sequences), limit) is { } whole) return whole;
        MemoryPlan? best = null;
        long low = 1, high = Math.Min(sequences - 1, int.MaxValue);
        while (low <= high)
        {
            long middle = best is null && low == 1 ? Math.Min(high, 1) : (low + high + 1) / 2;
            if (Fits(new StepBatch(sequences, (int)middle), limit) is { } plan) (best, low) = (plan, middle + 1);
            else high = middle - 1;
        }
        if (best is not { } found) return null;
        int even = Even(sequences, found.Batch.MicroBatch);
        return even == found.Batch.MicroBatch ? found : Plan(new StepBatch(sequences, even));
    }

    /// <summary>The largest micro-batch under a limit where a step has no other; null where not even one sequence fits.</summary>
    /// <param name="most">Where to stop looking.</param>
    /// <param name="limit">Bytes.</param>
    public MemoryPlan? LargestAlone(long most, long limit)
    {
        MemoryPlan? best = null;
        long low = 1, high = 1;
        while (high <= most && Fits(new StepBatch(high, (int)high), limit) is { } plan) (best, low, high) = (plan, high + 1, 2 * high);
        for (high = Math.Min(high - 1, most); low <= high;)
        {
            long middle = (low + high + 1) / 2;
            if (Fits(new StepBatch(middle, (int)middle), limit) is { } plan) (best, low) = (plan, middle + 1);
            else high = middle - 1;
        }
        return best;
    }

    /// <summary>As many micro-batches as with <paramref name="most"/> sequences in each, and as equal as they can be.</summary>
    private static int Even(long sequences, int most)
    {
        long count = (sequences + most - 1) / most;
        return (int)((sequences + count - 1) / count);
    }

    private MemoryPlan? Fits(StepBatch batch, long limit)
    {
        try
        {
            var plan = Plan(batch);
            return plan.Total <= limit ? plan : null;
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }
}
