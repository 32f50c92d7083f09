using Sinter.Checkpoints.HuggingFace;
using Sinter.Data.Chats;
using Sinter.Text;
using Sinter.Text.Chat;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>Chats as tokens.</summary>
public sealed class InstructData : TaskData
{
    private readonly EncodedChats _train, _validation;

    internal InstructData(ITokenizer tokenizer, ChatTemplate template, EncodedChats train, EncodedChats validation, TrainingData sequences, string contentHash)
    {
        (Tokenizer, Template, _train, _validation, Sequences, ContentHash) = (tokenizer, template, train, validation, sequences, contentHash);
    }

    /// <inheritdoc/>
    public override ITokenizer Tokenizer { get; }

    /// <summary>How the chats were written; it goes with the model.</summary>
    public ChatTemplate Template { get; }

    /// <inheritdoc/>
    public override TrainingData Sequences { get; }

    /// <summary>The chats to train on.</summary>
    public long TrainChats => _train.Count;

    /// <summary>The chats to validate with.</summary>
    public long ValidationChats => _validation.Count;

    /// <inheritdoc/>
    public override long TrainTokens => _train.Tokens;

    /// <inheritdoc/>
    public override long ValidationTokens => _validation.Tokens;

    /// <inheritdoc/>
    public override string ContentHash { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> ModelFiles => ChatFiles.ToWrite(Template.Text);
}
