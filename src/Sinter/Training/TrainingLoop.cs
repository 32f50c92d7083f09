using System.Diagnostics;
using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Schedules;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Stopping;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Training;

/// <summary>
/// The one training loop: batch, forward, loss, backward, penalty, clip, update; then evaluation and checkpoint where due. Everything else is a strategy it calls
/// or a listener it tells.
/// </summary>
/// <remarks>
/// The loss of a step is the mean over all targets of the global batch, however it is cut into micro-batches: each is divided by the count of all. The data of a
/// sequence is a function of (seed, its number in the run), so a resumed run goes on with the very tokens that would have come.
/// </remarks>
/// <param name="model">What is trained.</param>
/// <param name="strategies">What is done with its gradients, and how fast, how much at a time and until when.</param>
/// <param name="sequences">What steps take.</param>
/// <param name="evaluator">The validation.</param>
/// <param name="options">The rest.</param>
/// <param name="plan">How long.</param>
/// <param name="clock">Where the time goes.</param>
internal sealed class TrainingLoop(ITrainedModel model, TrainingStrategies strategies, ITrainingSequences sequences, IEvaluator evaluator, TrainingOptions options,
    TrainingPlan plan, PhaseClock clock)
{
    private const string Remedy =
        "Lower training.optimizer.learning_rate, lengthen training.schedule.warmup_steps or set training.gradient_clip, and begin from the last checkpoint with --resume.";

    private const string NotFiniteRule = "not_finite";
    private const long WarmUpSteps = 2, ManySteps = 10;

    /// <summary>The square of a larger gradient is no float32, and with it the second moment none.</summary>
    private static readonly double LargestNorm = Math.Sqrt(float.MaxValue);

    private readonly Device _device = model.Device;
    private readonly GradientSet _gradients = new(model.Parameters);
    private readonly MetricSet _metrics = new();
    private readonly StepSequences _step = new(sequences);
    private long _firstProfiled;
    private bool _isBest;

    /// <summary>The last evaluation.</summary>
    public Evaluation.Evaluation? Validation { get; private set; }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Why the run ended before its last step, if it did; also set where an error says that it failed.</summary>
    public StopReason? Stop { get; private set; }

    /// <summary>Trains from <paramref name="firstStep"/> to the end of the plan.</summary>
    /// <param name="firstStep">Steps already done.</param>
    /// <param name="isEvaluated">Whether the weights of that step were evaluated before: a run stopped in the middle of an evaluation has it to do.</param>
    /// <param name="emit">Gets the events.</param>
    /// <param name="save">Writes a checkpoint of a step.</param>
    /// <param name="cancellation">Ends the run after the step that is going on, saved.</param>
    /// <returns>Steps done.</returns>
    /// <exception cref="TrainingException">A loss, gradient or weight is no number.</exception>
    public long Run(long firstStep, bool isEvaluated, Action<TrainingEvent> emit, Action<long> save, CancellationToken cancellation)
    {
        // Micro-batches share what products make of the weights; the update voids it, and the memory stays for the next step. What is frozen stays for all steps.
        strategies.Unfreezing?.Begin(firstStep + 1);
        bool frozen = model.Parameters.Any(p => !p.Value.RequiresGrad);
        _device.Memory.ShapesVary = !sequences.HasOneLength;
        using var hold = plan.HasMicroBatches || frozen ? _device.HoldWeights(frozenOnly: !plan.HasMicroBatches) : null;
        if (strategies.Stop is not null)   // the checkpoint is that of the end: what is missing is the model
        {
            End(firstStep, emit);
            return firstStep;
        }
        if (!isEvaluated && IsEvaluationDue(firstStep))
        {
            if (!Evaluate(firstStep, emit, cancellation)) return firstStep;
            if ((Stop is not null || _isBest) && Conclude(firstStep, emit, save, stop: false)) return firstStep;
        }
        // The first steps compile code and fill the pool; a profile of many steps is not about them.
        _firstProfiled = plan.TotalSteps - firstStep > ManySteps ? firstStep + 1 + WarmUpSteps : firstStep + 1;
        for (long step = firstStep + 1; step <= plan.TotalSteps; step++)
        {
            _isBest = false;
            var completed = Step(step, emit);
            emit(completed);
            _metrics.Take(completed);
            Observe(step);
            RequireNoFailure(step);
            bool stop = cancellation.IsCancellationRequested;
            if (IsEvaluationDue(step)) stop |= !Evaluate(step, emit, cancellation);
            if (Conclude(step, emit, save, stop)) return step;
        }
        return plan.TotalSteps;
    }

    /// <summary>Says what the step's rules found, and saves where due.</summary>
    /// <returns>Whether the run ends here.</returns>
    private bool Conclude(long step, Action<TrainingEvent> emit, Action<long> save, bool stop)
    {
        End(step, emit);
        bool isLast = stop || Stop is not null || step == plan.TotalSteps;
        if (isLast || _isBest || step % options.SaveEvery == 0)
        {
            RequireGood(step);
            save(step);
        }
        return isLast;
    }

    private void End(long step, Action<TrainingEvent> emit)
    {
        Stop = strategies.Stop;
        RequireNoFailure(step);
        if (Stop is { } reason && step < plan.TotalSteps) emit(new StoppedEarly(reason));
    }

    private void RequireNoFailure(long step)
    {
        if (Stop is { IsFailure: true } reason)
            throw new TrainingException($"Step {step}: {reason.Message}, and the recipe's {reason.Rule} ends the run there. The step was not saved. {Remedy}");
    }

    private bool IsEvaluationDue(long step) => step == 0 || step == plan.TotalSteps || Stop is not null || step % options.EvalEvery == 0;

    private StepCompleted Step(long step, Action<TrainingEvent> emit)
    {
        long began = Stopwatch.GetTimestamp();
        using var profiled = step >= _firstProfiled ? _device.Profile?.Step() : null;
        using var scope = _device.Scope("step");
        var cursor = strategies.Cursor;
        strategies.Unfreezing?.Begin(step);
        var batch = Begin(step);
        double learningRate = strategies.Schedule.At(step);
        StepSums sums;
        using (clock.Start("forward and backward")) sums = Gradients(step, batch, emit);
        long targets = sums.Targets;
        Loss = sums.Loss / targets;
        double norm, clippedNorm;
        double? penalty;
        using (clock.Start("optimizer"))
        {
            penalty = strategies.Penalty?.Add();
            norm = _gradients.Norm();
            if (!double.IsFinite(Loss) || !double.IsFinite(norm)) throw NotFinite(step, norm, batch.Sequences);
            (double scale, clippedNorm) = strategies.Clipper?.Clip(_gradients, norm) ?? new Clipped(1, norm);
            if (!(clippedNorm <= LargestNorm)) throw NotFinite(step, norm, batch.Sequences);
            strategies.Optimizer.Update(learningRate, scale, strategies.Schedule.MomentumAt(step));
            strategies.Average?.Observe(step);
            ZeroGradients();   // the memory of large ones is the next step's, or an evaluation's
        }
        cursor.Advance(batch.Sequences, targets);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new StepCompleted(step, cursor.Tokens, Loss,
            model.HasAccuracy ? (double)sums.Correct / targets : double.NaN, learningRate, norm, _step.Tokens / seconds, _device.Memory.ReservedBytes)
        {
            ClipFactor = strategies.Clipper is null ? null : norm > 0 ? clippedNorm / norm : 1,
            Penalty = penalty,
            SmoothedLoss = options.LabelSmoothing > 0 ? (sums.Loss + sums.Smoothing) / targets : null,
            ZLoss = options.ZLoss > 0 ? sums.ZLoss / targets : null,
            Sequences = batch.Sequences,
            Seconds = seconds,
            Padding = sequences.HasOneLength ? null : 1 - (double)_step.Tokens / sums.Positions,
        };
    }

    /// <summary>Makes the gradients of a step: from the beginning and with fewer sequences at a time, where the device has no memory left.</summary>
    private StepSums Gradients(long step, StepBatch batch, Action<TrainingEvent> emit)
    {
        while (true)
        {
            try
            {
                return Gradients(step, batch.Sequences);
            }
            catch (OutOfMemoryException) when (strategies.Batches.BackOff() is not null)
            {
                // The step's first operations are done again; what they left in the pool has the sizes of larger micro-batches.
                _device.Memory.Trim();
                batch = Begin(step);
                emit(new Warned($"Step {step}: there is not enough memory; the step is done again, and from now on, with {batch.MicroBatch} sequences at a time."));
            }
        }
    }

    private StepSums Gradients(long step, long sequences)
    {
        var sums = new StepSums();
        ZeroGradients();
        for (long first = 0; first < sequences;)
        {
            var (count, width) = _step.MicroBatch(first);
            sums.Add(MicroBatch(step, first), (long)count * width);
            first += count;
        }
        return sums;
    }

    private void ZeroGradients()
    {
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
    }

    private void Observe(long step)
    {
        (strategies.Schedule as IMetricSchedule)?.Observe(step, _metrics);
        foreach (var rule in strategies.Stopping) rule.Observe(step, _metrics);
        Stop = strategies.Stop;
    }

    /// <summary>Takes the sequences of a step.</summary>
    private StepBatch Begin(long step)
    {
        var batch = strategies.Batches.At(new StepStart(step, strategies.Cursor.Sequences, strategies.Cursor.Tokens));
        _step.Begin(strategies.Cursor.Sequences, batch);
        return batch;
    }

    private CrossEntropyResult MicroBatch(long step, long firstInStep)
    {
        using var scope = _device.Scope("micro-batch");
        var context = new ForwardContext
        {
            Training = true,
            Seed = options.Seed,
            Step = step,
            FirstSample = firstInStep,
            LongestSequence = sequences.ContextLength,
            CheckpointActivations = options.ActivationCheckpointing,
        };
        var result = BatchLoss(firstInStep, _step.Targets, context);
        result.Loss.Backward();
        return result;
    }

    private CrossEntropyResult BatchLoss(long firstInStep, long targetCount, in ForwardContext context)
    {
        _device.Profile?.Begin(OpProfile.Batch);
        var batch = _step.Batch(firstInStep, _device);
        var loss = new CrossEntropyOptions { TargetCount = targetCount, LabelSmoothing = (float)options.LabelSmoothing, ZLoss = (float)options.ZLoss };
        return model.Loss(batch, loss, context);
    }

    private bool Evaluate(long step, Action<TrainingEvent> emit, CancellationToken cancellation)
    {
        try
        {
            using (clock.Start("evaluation"))
            using (strategies.Average?.Swap())
                Validation = evaluator.Evaluate(new Relay(done => emit(new Working("evaluating", done))), step == plan.TotalSteps || Stop is not null ? default : cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        if (!double.IsFinite(Validation.Value.Loss)) throw Broken(step, $"the validation loss is {Validation.Value.Loss}");
        var evaluated = new Evaluated(step, strategies.Cursor.Tokens, Validation.Value.Loss, Validation.Value.Accuracy, strategies.Schedule.At(Math.Max(1, step)))
        {
            Metrics = Validation.Value.Metrics,
        };
        emit(evaluated);
        _metrics.Take(evaluated);
        strategies.EvaluatedStep = step;
        Observe(step);
        _isBest = strategies.Best?.Observe(step, _metrics) ?? false;
        if (_isBest && Stop is not { IsFailure: true }) emit(new NewBest(strategies.Best!.Best!));
        return true;
    }

    private TrainingException NotFinite(long step, double norm, long count)
    {
        string what = $"the loss is {Loss} and the gradient norm {norm}";
        Stop = new StopReason(step, NotFiniteRule, what, true);
        return new TrainingException($"Step {step}: {what}. The batch was {sequences.Describe(strategies.Cursor.Sequences, count)}. "
            + $"The weights are still those of step {step - 1}, and no checkpoint was written. "
            + Remedy);
    }

    /// <summary>An update may leave what only the next step would show, and a checkpoint be written between the two: it is looked at before that.</summary>
    private void RequireGood(long step)
    {
        using var time = clock.Start("checkpoint");
        foreach (var parameter in model.Parameters.Where(p => p.Value.RequiresGrad))
            if (!TensorPrimitives.IsFiniteAll<float>(parameter.Value.Span)) throw Broken(step, $"its update left {parameter.Name} with elements that are no numbers");
        using var pause = _device.Tape.Pause();
        using var scope = _device.Scope("check");
        Begin(step + 1);
        double loss = BatchLoss(0, 0, default).Sum;
        if (!double.IsFinite(loss)) throw Broken(step, $"with the weights that its update left, the loss is {loss}");
    }

    private TrainingException Broken(long step, string what)
    {
        Stop = new StopReason(step, NotFiniteRule, what, true);
        return new TrainingException($"Step {step}: {what}. No checkpoint was written. {Remedy}");
    }

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
