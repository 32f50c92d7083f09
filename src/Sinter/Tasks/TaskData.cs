using Sinter.Text;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>A task's data, encoded; dispose to give back what it holds.</summary>
public abstract class TaskData : IDisposable
{
    /// <summary>The tokenizer that made the tokens.</summary>
    public abstract ITokenizer Tokenizer { get; }

    /// <summary>The sequences to train on and to validate with.</summary>
    public abstract TrainingData Sequences { get; }

    /// <summary>Tokens of the training part.</summary>
    public abstract long TrainTokens { get; }

    /// <summary>Tokens of the validation part.</summary>
    public abstract long ValidationTokens { get; }

    /// <summary>The SHA-256, in hexadecimal, of what decides the sequences: content and settings.</summary>
    public abstract string ContentHash { get; }

    /// <summary>What is written next to the model beside weights and tokenizer, by name: the chat template.</summary>
    public virtual IReadOnlyDictionary<string, byte[]> ModelFiles => new Dictionary<string, byte[]>();

    /// <summary>Gives back what it holds.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
