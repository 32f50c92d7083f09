namespace Sinter.Data;

/// <summary>What <see cref="DataOptions.Sequences"/> makes of a part's tokens.</summary>
public static class SequenceForms
{
    /// <summary>The tokens are one stream, cut into windows of the context.</summary>
    public const string Windows = "windows";

    /// <summary>Each document is a sequence of its own; what is longer than the context goes on in further sequences.</summary>
    public const string Documents = "documents";

    /// <summary>As <see cref="Documents"/>, but several share a row of the context where they fit, and do not see each other.</summary>
    public const string Packed = "packed";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Windows, Documents, Packed];

    /// <summary>The sequences to train on.</summary>
    /// <param name="form">One of <see cref="Names"/>.</param>
    /// <param name="tokens">The training tokens.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="order">The order of windows; documents come in passes always.</param>
    /// <param name="buckets">How documents of similar length are brought together, if they are.</param>
    /// <exception cref="DataException">There is not one window, or the text is a single document.</exception>
    public static ITrainingSequences Train(string form, TokenArray tokens, int contextLength, ulong seed, WindowOrder order, LengthBuckets? buckets) =>
        form switch
        {
            Documents => new DocumentSampler(tokens, contextLength, seed, buckets),
            Packed => new RowSampler(new DocumentSequences(tokens, contextLength), packs: true, seed, buckets),
            _ => new WindowSampler(tokens, contextLength, seed, order),
        };

    /// <summary>The sequences to validate with.</summary>
    /// <param name="form">One of <see cref="Names"/>.</param>
    /// <param name="tokens">The validation tokens.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <param name="maxTokens">About how many targets to evaluate at most; null is all.</param>
    /// <exception cref="DataException">There is nothing to predict.</exception>
    public static IValidationSequences Validate(string form, TokenArray tokens, int contextLength, long? maxTokens = null) =>
        form switch
        {
            Documents => new ValidationDocuments(tokens, contextLength, maxTokens),
            Packed => new RowValidation(new DocumentSequences(tokens, contextLength), packs: true, maxTokens),
            _ => new ValidationWindows(tokens, contextLength, maxTokens),
        };
}
