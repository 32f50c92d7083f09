namespace Sinter.Text.Patterns;

/// <summary>What becomes of the matches at which a text is cut. The names are those of files.</summary>
internal enum SplitBehavior
{
    /// <summary>They go.</summary>
    Removed,
    /// <summary>Each is a piece.</summary>
    Isolated,
    /// <summary>Each is a part of the piece before it.</summary>
    MergedWithPrevious,
    /// <summary>Each is a part of the piece after it.</summary>
    MergedWithNext,
    /// <summary>Those side by side are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts texts at the matches of patterns.</summary>
internal static class SplitBehaviors
{
    /// <summary>Makes pieces of matches and what lies between them.</summary>
    /// <param name="behavior">What becomes of matches.</param>
    /// <param name="parts">All of a text; changed.</param>
    /// <returns>The pieces; <see cref="TextMatch.IsMatch"/> says nothing any more.</returns>
    public static List<TextMatch> Pieces(this SplitBehavior behavior, List<TextMatch> parts)
    {
        switch (behavior)
        {
            case SplitBehavior.Removed:
                parts.RemoveAll(p => p.IsMatch);
                return parts;
            case SplitBehavior.Isolated:
                return parts;
            case SplitBehavior.MergedWithNext:
                parts.Reverse();
                parts = Merge(parts, (previous, next) => next && !previous, (a, b) => (b.Start, a.End));
                parts.Reverse();
                return parts;
            case SplitBehavior.MergedWithPrevious:
                return Merge(parts, (previous, next) => next && !previous, (a, b) => (a.Start, b.End));
            default:
                return Merge(parts, (previous, next) => next == previous, (a, b) => (a.Start, b.End));
        }
    }

    private static List<TextMatch> Merge(List<TextMatch> parts, Func<bool, bool, bool> merges, Func<TextMatch, TextMatch, (int Start, int End)> join)
    {
        List<TextMatch> merged = new(parts.Count);
        bool previous = false;
        foreach (TextMatch part in parts)
        {
            if (merged.Count > 0 && merges(previous, part.IsMatch))
            {
                (int start, int end) = join(merged[^1], part);
                merged[^1] = new(start, end, false);
            }
            else merged.Add(part);
            previous = part.IsMatch;
        }
        return merged;
    }
}
