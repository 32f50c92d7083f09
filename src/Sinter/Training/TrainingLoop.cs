using System.Diagnostics;
using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Schedules;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Training;

/// <summary>
/// The one training loop: batch, forward, loss, backward, clip, update; then evaluation and checkpoint where due. Everything else is a strategy it calls or a
/// listener it tells.
/// </summary>
/// <remarks>
/// The loss of a step is the mean over all targets of the global batch, however it is cut into micro-batches: each is divided by the count of all. The data of step n is a
/// function of (seed, n), so a resumed run goes on with the very tokens that would have come.
/// </remarks>
/// <param name="model">What is trained.</param>
/// <param name="optimizer">How weights change.</param>
/// <param name="schedule">The learning rate.</param>
/// <param name="sampler">The batches.</param>
/// <param name="evaluator">The validation.</param>
/// <param name="options">The rest.</param>
/// <param name="plan">How long.</param>
/// <param name="clock">Where the time goes.</param>
internal sealed class TrainingLoop(CausalLanguageModel model, IOptimizer optimizer, ISchedule schedule, WindowSampler sampler, LossEvaluator evaluator, TrainingOptions options,
    TrainingPlan plan, PhaseClock clock)
{
    private const string Remedy =
        "Lower training.optimizer.learning_rate, lengthen training.schedule.warmup_steps or set training.gradient_clip, and begin from the last checkpoint with --resume.";

    private const long WarmUpSteps = 2, ManySteps = 10;

    /// <summary>The square of a larger gradient is no float32, and with it the second moment none.</summary>
    private static readonly double LargestNorm = Math.Sqrt(float.MaxValue);

    private readonly Device _device = model.Device;
    private long _firstProfiled;

    /// <summary>The last evaluation.</summary>
    public Evaluation.Evaluation? Validation { get; private set; }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; private set; } = double.NaN;

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
        // Micro-batches share what products make of the weights; the update voids it, and the memory stays for the next step.
        using var hold = options.GradientAccumulation > 1 ? _device.HoldWeights() : null;
        if (!isEvaluated && IsEvaluationDue(firstStep) && !Evaluate(firstStep, emit, cancellation)) return firstStep;
        // The first steps compile code and fill the pool; a profile of many steps is not about them.
        _firstProfiled = plan.TotalSteps - firstStep > ManySteps ? firstStep + 1 + WarmUpSteps : firstStep + 1;
        for (long step = firstStep + 1; step <= plan.TotalSteps; step++)
        {
            emit(Step(step));
            bool last = step == plan.TotalSteps, stop = cancellation.IsCancellationRequested;
            if (IsEvaluationDue(step)) stop |= !Evaluate(step, emit, cancellation);
            if (last || stop || step % options.SaveEvery == 0)
            {
                RequireGood(step);
                save(step);
            }
            if (stop && !last) return step;
        }
        return plan.TotalSteps;
    }

    private bool IsEvaluationDue(long step) => step == 0 || step == plan.TotalSteps || step % options.EvalEvery == 0;

    private StepCompleted Step(long step)
    {
        long began = Stopwatch.GetTimestamp();
        using var profiled = step >= _firstProfiled ? _device.Profile?.Step() : null;
        using var scope = _device.Scope("step");
        double learningRate = schedule.At(step), sum = 0, norm;
        long targets = 0, correct = 0;
        using (clock.Start("forward and backward"))
        {
            foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
            for (int micro = 0; micro < options.GradientAccumulation; micro++)
            {
                var result = MicroBatch(step, micro);
                sum += result.Sum;
                targets += result.Targets;
                correct += result.Correct;
            }
        }
        Loss = sum / targets;
        using (clock.Start("optimizer"))
        {
            norm = optimizer.GradientNorm();
            double factor = GradientClip.Factor(options.GradientClip, norm);
            if (!double.IsFinite(Loss) || !(norm * factor <= LargestNorm)) throw NotFinite(step, norm);
            optimizer.Update(learningRate, factor);
        }
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new StepCompleted(step, step * plan.TokensPerStep, Loss, (double)correct / targets, learningRate, norm, plan.TokensPerStep / seconds, _device.Memory.ReservedBytes);
    }

    private CrossEntropyResult MicroBatch(long step, int micro)
    {
        using var scope = _device.Scope("micro-batch");
        long inStep = (long)micro * options.BatchSize;
        var result = BatchLoss(step, inStep, new ForwardContext { Training = true, Seed = options.Seed, Step = step, FirstSample = inStep });
        result.Loss.Backward();
        return result;
    }

    private CrossEntropyResult BatchLoss(long step, long firstInStep, in ForwardContext context)
    {
        var shape = new Shape(options.BatchSize, sampler.ContextLength);
        _device.Profile?.Begin(OpProfile.Batch);
        Tensor inputs = _device.Empty(shape, DType.Int32), targets = _device.Empty(shape, DType.Int32);
        sampler.Fill((step - 1) * plan.SequencesPerStep + firstInStep, inputs.Int32Span, targets.Int32Span);
        return model.Loss(inputs, targets, plan.TokensPerStep, context);
    }

    private bool Evaluate(long step, Action<TrainingEvent> emit, CancellationToken cancellation)
    {
        try
        {
            using (clock.Start("evaluation"))
                Validation = evaluator.Evaluate(new Relay(done => emit(new Working("evaluating", done))), step == plan.TotalSteps ? default : cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        if (!double.IsFinite(Validation.Value.Loss)) throw Broken(step, $"the validation loss is {Validation.Value.Loss}");
        emit(new Evaluated(step, step * plan.TokensPerStep, Validation.Value.Loss, Validation.Value.Accuracy, step == 0 ? schedule.At(1) : schedule.At(step)));
        return true;
    }

    private TrainingException NotFinite(long step, double norm)
    {
        long first = (step - 1) * plan.SequencesPerStep;
        return new TrainingException($"Step {step}: the loss is {Loss} and the gradient norm {norm}. The batch was the windows {first} to {first + plan.SequencesPerStep - 1}, which begin at token "
            + $"{sampler.StartOf(first)} of the training text. The weights are still those of step {step - 1}, and no checkpoint was written. "
            + Remedy);
    }

    /// <summary>An update may leave what only the next step would show, and a checkpoint be written between the two: it is looked at before that.</summary>
    private void RequireGood(long step)
    {
        using var time = clock.Start("checkpoint");
        foreach (var parameter in model.Parameters)
            if (!TensorPrimitives.IsFiniteAll<float>(parameter.Value.Span)) throw Broken(step, $"its update left {parameter.Name} with elements that are no numbers");
        using var pause = _device.Tape.Pause();
        using var scope = _device.Scope("check");
        double loss = BatchLoss(step, 0, default).Sum;
        if (!double.IsFinite(loss)) throw Broken(step, $"with the weights that its update left, the loss is {loss}");
    }

    private static TrainingException Broken(long step, string what) => new($"Step {step}: {what}. No checkpoint was written. {Remedy}");

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
