using Sinter.Evaluation;
using Sinter.Models;

namespace Sinter.Tasks;

/// <summary>A task whose targets are tokens: judged by their loss.</summary>
/// <param name="options">The options.</param>
public abstract class TokenTask(TaskOptions options) : ITask
{
    /// <inheritdoc/>
    public abstract TaskData Read(TaskInput input, CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual ModelConfig Configure(ModelConfig config, TaskData data) => config;

    /// <inheritdoc/>
    public IEvaluator Evaluator(ITrainedModel model, TaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new LossEvaluator(model, data.Sequences.Validation);
    }

    /// <inheritdoc/>
    public TaskReport Report(ITrainedModel model, TaskData data, Evaluation.Evaluation? known)
    {
        ArgumentNullException.ThrowIfNull(data);
        var found = known ?? Evaluator(model, data).Evaluate();
        return new TaskReport
        {
            Task = options.Name,
            Unit = Unit,
            Trained = Trained(data),
            Validated = found.Targets,
            Figures = [new("loss", [found.Loss]), new("perplexity", [found.Perplexity]), new("accuracy", [found.Accuracy]),
                .. found.Metrics.Select(m => new ReportFigure(m.Key, [m.Value]))],
        };
    }

    /// <inheritdoc/>
    public abstract CardPart Card(ModelConfig config, TaskData data);

    /// <summary>What is counted in the report.</summary>
    protected virtual string Unit => "tokens";

    /// <summary>How many of them there are to train on.</summary>
    protected virtual long Trained(TaskData data) => data.TrainTokens;
}
