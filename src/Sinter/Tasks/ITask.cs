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

    /// <summary>How the finished model did.</summary>
    /// <param name="model">The model with its last weights.</param>
    /// <param name="data">The data.</param>
    /// <param name="known">The evaluation of these weights, where there was one.</param>
    TaskReport Report(ITrainedModel model, TaskData data, Evaluation.Evaluation? known);

    /// <summary>What the model card says of the task.</summary>
    CardPart Card(ModelConfig config, TaskData data);
}
