using Microsoft.Extensions.Logging.Abstractions;
using Sinter.Checkpoints;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Tasks;
using Sinter.Tensors;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Planning;

namespace Sinter.Advice;

/// <summary>Trains a recipe's model for a few steps with a learning rate that rises exponentially, through the training loop itself; nothing is saved.</summary>
/// <param name="from">The first learning rate, above 0.</param>
/// <param name="to">The last one.</param>
/// <param name="steps">Steps from the first to the last, at least 10.</param>
public sealed class RateFinder(double from, double to, long steps)
{
    /// <summary>Runs the range test of a recipe, all of whose keys count but the length, the schedule and the peak.</summary>
    /// <param name="recipe">The recipe; it is not changed.</param>
    /// <param name="listener">Hears of the data and of every step.</param>
    /// <param name="cancellation">Ends the test after the step that is going on.</param>
    /// <returns>What the steps until the end, the divergence or the cancellation showed.</returns>
    /// <exception cref="RecipeException">The recipe is wrong.</exception>
    /// <exception cref="DataException">The text can't be read or is too short.</exception>
    /// <exception cref="TrainingException">The very first step is no number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public RateSweep Run(Recipe recipe, ITrainingListener listener, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(listener);
        var test = RecipeReader.Parse(RecipeWriter.Write(recipe), recipe.Name + ".yaml");
        Prepare(test.Training);
        var source = test.OpenModel();
        var task = test.Task.Create();
        var input = TaskInput.Of(test.Data, test.Training, source) with
        {
            Logger = new WarningRelay(NullLogger.Instance, m => listener.On(new Warned(m))),
            Progress = new Relay(listener),
        };
        using var data = task.Read(input, cancellation);
        using var old = test.Data.Replay is { } replay ? ReplayData.Read(replay, input, data.Tokenizer, cancellation) : null;
        using var device = new CpuDevice(test.Training.Threads, PrecisionNames.Of(test.Training.Precision));
        var model = source.Build(task.Configure(source.Configure(data.Tokenizer), data), device, test.Training.Seed);
        task.Prepare(model, data);
        cancellation.ThrowIfCancellationRequested();
        return Sweep(test, data.Sequences, old, source, model, task.Evaluator(model, data), listener, cancellation);
    }

    // The loop's schedules reach their peak one step after the last; this one has to reach it at the last.
    private void Prepare(TrainingOptions training)
    {
        double perStep = Math.Pow(to / from, 1.0 / (steps - 1));
        training.Optimizer.LearningRate = to * perStep;
        training.Schedule = new IncreasingOptions { Shape = "exponential", StartFactor = from / (to * perStep) };
        (training.MaxSteps, training.MaxTokens, training.Epochs) = (steps, null, null);
        (training.EvalEvery, training.EvalTokens, training.SaveEvery) = (long.MaxValue, 1, long.MaxValue);
        (training.Average, training.Best, training.Stop) = (null, null, []);
    }

    private static RateSweep Sweep(Recipe recipe, TrainingData fresh, ReplayData? old, ModelSource source, ITrainedModel model, IEvaluator evaluator,
        ITrainingListener listener, CancellationToken cancellation)
    {
        var data = old?.Mix(fresh) ?? fresh;
        var training = recipe.Training;
        var batches = training.BatchSize.Create(new BatchFacts(data.Train, training.GradientAccumulation, training.Seed)
        {
            Planner = new MemoryPlanner(model.Config, training, Environment.WorkingSet - model.Parameters.Sum(p => p.Value.ByteLength))
            {
                Sequences = data.Train,
                Adapters = source.Adapters,
            },
        });
        var plan = TrainingPlan.Of(training, batches, data.Train);
        var strategies = TrainingStrategies.Of(training, model.Parameters, batches, plan);
        old?.Ask(strategies.Penalty, model, new Share(listener), cancellation);
        var loop = new TrainingLoop(model, strategies, data.Train, evaluator, training, plan, new PhaseClock());
        var sweep = new RateSweep();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            loop.Run(0, isEvaluated: true, Heard, _ => { }, end.Token);
        }
        catch (TrainingException) when (sweep.Rates.Count > 0)
        {
            sweep.Diverge();
        }
        sweep.Conclude();
        return sweep;

        void Heard(TrainingEvent e)
        {
            if (e is not StepCompleted step) return;
            sweep.Add(step.LearningRate, step.Loss);
            listener.On(e);
            if (sweep.HasDiverged) end.Cancel();
        }
    }

    private sealed class Share(ITrainingListener listener) : IProgress<double>
    {
        public void Report(double value) => listener.On(new Working("asking the old data which weights matter", value));
    }

    private sealed class Relay(ITrainingListener listener) : IProgress<(string What, double? Done)>
    {
        public void Report((string What, double? Done) value) => listener.On(new Working(value.What, value.Done));
    }
}
