namespace Sinter.Text;

/// <summary>What a model gets for a text or a pair of texts. All lists are of one length, a number for each token.</summary>
public sealed class TokenEncoding
{
    /// <summary>The tokens' ids.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>Which segment each token belongs to: as a rule 0 for the first text and 1 for the second.</summary>
    public required IReadOnlyList<int> TypeIds { get; init; }

    /// <summary>
    /// The part of its text that each token stands for, in code points, the end excluded; (0, 0) for what the post-processor and padding added.
    /// </summary>
    public required IReadOnlyList<(int Start, int End)> Offsets { get; init; }

    /// <summary>Whether each token was added by the post-processor or is padding. A special token found in the text is not.</summary>
    public required IReadOnlyList<bool> SpecialTokensMask { get; init; }

    /// <summary>Whether each token is to be seen: false for padding.</summary>
    public required IReadOnlyList<bool> AttentionMask { get; init; }

    /// <summary>The number of tokens.</summary>
    public int Count => Ids.Count;
}
