using System.Diagnostics;
using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Schedules;
using Sinter.Tensors;

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
    private readonly Device _device = model.Device;

    /// <summary>The last evaluation.</summary>
    public Evaluation.Evaluation? Validation { get; private set; }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Trains from <paramref name="firstStep"/> to the end of the plan.</summary>
    /// <param name="firstStep">Steps already done.</param>
    /// <param name="emit">Gets the events.</param>
    /// <param name="save">Writes a checkpoint of a step.</param>
    /// <param name="cancellation">Ends the run after the step that is going on, saved.</param>
    /// <returns>Steps done.</returns>
    /// <exception cref="TrainingException">A loss or gradient is no number.</exception>
    public long Run(long firstStep, Action<TrainingEvent> emit, Action<long> save, CancellationToken cancellation)
    {
        if (firstStep == 0 && !Evaluate(0, emit, cancellation)) return firstStep;
        long saved = firstStep;
        for (long step = firstStep + 1; step <= plan.TotalSteps; step++)
        {
            emit(Step(step));
            bool last = step == plan.TotalSteps, stop = cancellation.IsCancellationRequested;
            if (last || step % options.EvalEvery == 0) stop |= !Evaluate(step, emit, cancellation);
            if (last || stop || step % options.SaveEvery == 0)
            {
                save(step);
                saved = step;
            }
            if (stop && !last) return step;
        }
        return plan.TotalSteps;
    }

    private StepCompleted Step(long step)
    {
        long began = Stopwatch.GetTimestamp();
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
            if (!double.IsFinite(Loss) || !double.IsFinite(norm)) throw NotFinite(step, norm);
            optimizer.Update(learningRate, GradientClip.Factor(options.GradientClip, norm));
        }
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new StepCompleted(step, step * plan.TokensPerStep, Loss, (double)correct / targets, learningRate, norm, plan.TokensPerStep / seconds, _device.Memory.ReservedBytes);
    }

    private Sinter.Tensors.Ops.CrossEntropyResult MicroBatch(long step, int micro)
    {
        using var scope = _device.Scope("micro-batch");
        var shape = new Shape(options.BatchSize, sampler.ContextLength);
        Tensor inputs = _device.Empty(shape, DType.Int32), targets = _device.Empty(shape, DType.Int32);
        long inStep = (long)micro * options.BatchSize;
        sampler.Fill((step - 1) * plan.SequencesPerStep + inStep, inputs.Int32Span, targets.Int32Span);
        var context = new ForwardContext { Training = true, Seed = options.Seed, Step = step, FirstSample = inStep };
        var result = model.Loss(inputs, targets, plan.TokensPerStep, context);
        result.Loss.Backward();
        return result;
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
        emit(new Evaluated(step, step * plan.TokensPerStep, Validation.Value.Loss, Validation.Value.Accuracy, step == 0 ? schedule.At(1) : schedule.At(step)));
        return true;
    }

    private TrainingException NotFinite(long step, double norm)
    {
        long first = (step - 1) * plan.SequencesPerStep;
        return new TrainingException($"Step {step}: the loss is {Loss} and the gradient norm {norm}. The batch was the windows {first} to {first + plan.SequencesPerStep - 1}, which begin at token "
            + $"{sampler.StartOf(first)} of the training text. The weights are those of step {step - 1}, and no checkpoint was written. "
            + "Lower training.optimizer.learning_rate, lengthen training.schedule.warmup_steps or set training.gradient_clip, and begin from the last checkpoint with --resume.");
    }

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
