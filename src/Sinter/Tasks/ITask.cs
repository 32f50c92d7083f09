using Sinter.Evaluation;
using Sinter.Models;

namespace Sinter.Tasks;

/// <summary>What a model learns to do: the sequences that data becomes, the head, and how it is judged.</summary>
public interface ITask
{
    /// <summary>Reads and encodes the data.</summary>
    /// <param name="input">What to read, how, and who hears of it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The data can't be read, is wrong or too short.</exception>
    TaskData Read(TaskInput input, CancellationToken cancellation);

    /// <summary>The model with the head that the task trains.</summary>
    ModelConfig Configure(ModelConfig config, TaskData data) => config;

    /// <summary>Gives a model what its loss needs of the data, such as the weights of classes.</summary>
    void Prepare(ITrainedModel model, TaskData data) { }

    /// <summary>Judges the model by the validation part.</summary>
    IEvaluator Evaluator(ITrainedModel model, TaskData data);

    /// <summary>How the finished model did; by default what a language model's evaluation says.</summary>
    /// <param name="model">The model with its last weights.</param>
    /// <param name="data">The data.</param>
    /// <param name="known">The evaluation of these weights, where there was one.</param>
    TaskReport Report(ITrainedModel model, TaskData data, Evaluation.Evaluation? known)
    {
        var found = known ?? Evaluator(model, data).Evaluate();
        return new TaskReport
        {
            Task = "language-model",
            Unit = "tokens",
            Trained = data.TrainTokens,
            Validated = found.Targets,
            Figures = [new("loss", [found.Loss]), new("perplexity", [found.Perplexity]), new("accuracy", [found.Accuracy]),
                .. found.Metrics.Select(m => new ReportFigure(m.Key, [m.Value]))],
        };
    }

    /// <summary>What the model card says of the task; by default what it says of a language model.</summary>
    CardPart Card(ModelConfig config, TaskData data) => CardPart.LanguageModel;
}
