using Sinter.Text.Json;
using Sinter.Text.PostProcessors;

namespace Sinter.Text.Pipeline;

/// <summary>Which of two texts loses tokens.</summary>
internal enum TruncationStrategy
{
    /// <summary>The longer, until both are of one length; then both.</summary>
    LongestFirst,
    /// <summary>The first.</summary>
    OnlyFirst,
    /// <summary>The second.</summary>
    OnlySecond,
}

/// <summary>Cuts what is too long. What is cut off is lost: there are no overflowing parts, which is all that a file's <c>stride</c> is about.</summary>
/// <param name="MaxLength">The most tokens, special ones included.</param>
/// <param name="Strategy">Which text is cut.</param>
/// <param name="Left">Whether the beginning goes rather than the end.</param>
internal sealed record Truncation(int MaxLength, TruncationStrategy Strategy = TruncationStrategy.LongestFirst, bool Left = false)
{
    /// <summary>Reads <c>truncation</c>.</summary>
    public static Truncation Read(JsonNodeReader node)
    {
        TruncationStrategy strategy = node.OptionalString("strategy") switch
        {
            "LongestFirst" or null => TruncationStrategy.LongestFirst,
            "OnlyFirst" => TruncationStrategy.OnlyFirst,
            "OnlySecond" => TruncationStrategy.OnlySecond,
            var other => throw node.Unsupported("strategy", other, "LongestFirst, OnlyFirst and OnlySecond are"),
        };
        return new(node.Int("max_length", 512), strategy, IsLeft(node));
    }

    /// <summary>The member <c>direction</c>.</summary>
    public static bool IsLeft(JsonNodeReader node) => node.OptionalString("direction") switch
    {
        "Left" => true,
        "Right" or null => false,
        var other => throw node.Unsupported("direction", other, "Left and Right are"),
    };

    /// <summary>Cuts one text or two.</summary>
    /// <param name="parts">The tokens of each.</param>
    /// <param name="added">The special tokens that will be added.</param>
    /// <exception cref="DataException">The strategy leaves nothing of the text that it cuts, or there is no second text.</exception>
    public void Apply(List<List<EncodedToken>> parts, int added)
    {
        int most = MaxLength - added;
        if (most < 0) throw new DataException($"a text of at most {MaxLength} tokens has no place for the {added} special tokens; allow more");
        int surplus = parts.Sum(p => p.Count) - most;
        if (surplus <= 0) return;
        if (most == 0)
        {
            foreach (List<EncodedToken> part in parts) part.Clear();
        }
        else if (Strategy == TruncationStrategy.LongestFirst && parts.Count > 1) CutBoth(parts, most);
        else Cut(Target(parts, surplus), surplus);
    }

    private List<EncodedToken> Target(List<List<EncodedToken>> parts, int surplus)
    {
        if (Strategy == TruncationStrategy.OnlySecond && parts.Count < 2) throw new DataException("the tokenizer cuts the second text only, and there is none");
        List<EncodedToken> target = parts[Strategy == TruncationStrategy.OnlySecond ? 1 : 0];
        if (Strategy != TruncationStrategy.LongestFirst && target.Count <= surplus)
            throw new DataException($"the text that the tokenizer cuts has {target.Count} tokens, and {surplus} are too many; allow more than {MaxLength}");
        return target;
    }

    private void CutBoth(List<List<EncodedToken>> parts, int most)
    {
        bool swap = parts[0].Count > parts[1].Count;
        int shorter = Math.Min(parts[0].Count, parts[1].Count), longer = shorter > most ? shorter : Math.Max(shorter, most - shorter);
        if (shorter + longer > most) (shorter, longer) = (most / 2, most / 2 + most % 2);
        Cut(parts[swap ? 1 : 0], parts[swap ? 1 : 0].Count - shorter);
        Cut(parts[swap ? 0 : 1], parts[swap ? 0 : 1].Count - longer);
    }

    private void Cut(List<EncodedToken> part, int surplus)
    {
        if (surplus > 0) part.RemoveRange(Left ? 0 : part.Count - surplus, surplus);
    }
}
