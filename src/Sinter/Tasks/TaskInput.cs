using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sinter.Checkpoints;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Data;
using Sinter.Text;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>What a task makes sequences of.</summary>
/// <param name="Data">What to read, and how to split it.</param>
/// <param name="Training">Seed, length, batches and evaluation.</param>
/// <param name="ContextLength">The most tokens of a sequence.</param>
public sealed record TaskInput(DataOptions Data, TrainingOptions Training, int ContextLength)
{
    /// <summary>What a task reads for a model; who hears of it is to be added.</summary>
    public static TaskInput Of(DataOptions data, TrainingOptions training, ModelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(data, training, source.ContextLength) { Tokenizer = source.Tokenizer, Chat = source.Chat, IsCausal = source.IsCausal };
    }

    /// <summary>The pretrained model's tokenizer; null has the task make the one that the data options name.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>The pretrained model's chat template and special tokens; null for a new model.</summary>
    public ChatFiles? Chat { get; init; }

    /// <summary>Whether positions of the model see only those before them, so that the last one stands for a text.</summary>
    public required bool IsCausal { get; init; }

    /// <summary>What relative paths are relative to.</summary>
    public string BaseFolder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Hears warnings.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Hears what is being done and the share done.</summary>
    public IProgress<(string What, double? Done)>? Progress { get; init; }
}
