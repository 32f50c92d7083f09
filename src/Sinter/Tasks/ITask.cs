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
}
