using System.Globalization;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Schedules;
using Sinter.Training.Averaging;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Regularization;
using Sinter.Training.Stopping;
using Sinter.Training.Unfreezing;

namespace Sinter.Training;

/// <summary>What the training loop calls, each chosen by name in the recipe; and the state of those that have one.</summary>
internal sealed class TrainingStrategies
{
    private readonly List<Part> _parts = [];

    private TrainingStrategies(TrainingOptions options, IReadOnlyList<Parameter> parameters, IBatchPolicy batches, TrainingPlan plan)
    {
        Optimizer = Add("optimizer", options.Optimizer.Name, options.Optimizer.Create(ParameterGrouping.Groups(parameters, options.ParameterGroups, options.LayerDecay)));
        Schedule = Add("schedule", options.Schedule.Name, options.Schedule.Create(options.Optimizer.LearningRate, plan.TotalSteps));
        Batches = Add("batches", options.BatchSize.Name, batches);
        Clipper = options.GradientClip is { } clip ? Add("clipping", clip.Name, clip.Create()) : null;
        Penalty = options.Penalty is { } penalty ? Add("penalty", penalty.Name, penalty.Create(parameters)) : null;
        Stopping = [.. options.Stop.Select((rule, i) => Add(string.Create(CultureInfo.InvariantCulture, $"stop.{i}"), rule.Name, rule.Create()))];
        Best = BestOptions.Of(options) is { } best ? Add("best", best.Metric, new BestTracker(best)) : null;
        Unfreezing = options.Unfreeze?.Create(parameters);
        var trained = parameters.Where(p => p.Value.RequiresGrad).ToList();
        Average = options.Average is { } average ? Add("average", average.Name, average.Create(trained, plan.TotalSteps)) : null;
    }

    /// <summary>The update rule.</summary>
    public IOptimizer Optimizer { get; }

    /// <summary>The learning rate.</summary>
    public ISchedule Schedule { get; }

    /// <summary>The size of each step.</summary>
    public IBatchPolicy Batches { get; }

    /// <summary>Keeps gradients small, if asked.</summary>
    public IGradientClipper? Clipper { get; }

    /// <summary>A term of the loss on the weights, if asked.</summary>
    public IPenalty? Penalty { get; }

    /// <summary>Which parameters a step trains, where not all of them always.</summary>
    public IUnfreezing? Unfreezing { get; }

    /// <summary>What ends the run early.</summary>
    public IReadOnlyList<IStoppingRule> Stopping { get; }

    /// <summary>The best evaluation, where it makes the finished model.</summary>
    public BestTracker? Best { get; }

    /// <summary>The average of the weights, if asked.</summary>
    public IWeightAverage? Average { get; }

    /// <summary>Where in the data the run is.</summary>
    public DataCursor Cursor { get; } = new();

    /// <summary>The last step whose evaluation the strategies have seen; null where the state does not tell.</summary>
    public long? EvaluatedStep { get; set; }

    /// <summary>Why the run ends, once a rule says so; one that failed before one that is done.</summary>
    public StopReason? Stop
    {
        get
        {
            StopReason? first = null;
            foreach (var rule in Stopping)
                if (rule.Reason is { } reason && (first is null || (reason.IsFailure && !first.IsFailure))) first = reason;
            return first;
        }
    }

    /// <summary>The strategies of valid options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="batches">The batch policy, from which the plan was made.</param>
    /// <param name="plan">How long the run is.</param>
    public static TrainingStrategies Of(TrainingOptions options, IReadOnlyList<Parameter> parameters, IBatchPolicy batches, TrainingPlan plan) =>
        new(options, parameters, batches, plan);

    /// <summary>Gives the state of all of them.</summary>
    public void Save(StateWriter state)
    {
        Cursor.Save(state.Section("data"));
        if (EvaluatedStep is { } evaluated) state.Section("evaluation").Integer("step", evaluated);
        foreach (var part in _parts)
        {
            var section = state.Section(part.Section);
            section.Text("name", part.Name);
            part.State.Save(section);
        }
    }

    /// <summary>Takes the state back. A strategy that the recipe did not name when the state was saved begins anew, with a warning; another optimizer is an error.</summary>
    /// <exception cref="CheckpointException">A state is damaged or of another model.</exception>
    public void Load(StateReader state, Action<string> warn)
    {
        Cursor.Load(state.Section("data"));
        EvaluatedStep = state.Section("evaluation").Has("step") ? state.Section("evaluation").Integer("step") : null;
        foreach (var part in _parts)
        {
            var section = state.Section(part.Section);
            string? saved = section.Has("name") ? section.Text("name") : null;
            if (saved == part.Name) part.State.Load(section);
            else if (part.State == Optimizer)
                throw new CheckpointException($"The checkpoint holds the state of the optimizer {saved}, and the recipe names {part.Name}. "
                    + $"Resume with training.optimizer.name: {saved}, or begin a new run.");
            else warn($"training.{part.Section}: {part.Name} begins anew: the checkpoint has {(saved is null ? "no state of it" : $"the state of {saved}")}.");
        }
        foreach (string section in (string[])["schedule", "batches", "clipping", "penalty", "stop", "best", "average"]) state.Section(section).Skip();
    }

    private T Add<T>(string section, string name, T strategy)
    {
        if (strategy is IStateful state) _parts.Add(new Part(section, name, state));
        return strategy;
    }

    private sealed record Part(string Section, string Name, IStateful State);
}
