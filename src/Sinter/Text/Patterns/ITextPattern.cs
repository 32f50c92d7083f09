namespace Sinter.Text.Patterns;

/// <summary>Finds matches in text. Immutable, so that threads share it.</summary>
internal interface ITextPattern
{
    /// <summary>Appends the matches and what lies between them, so that all of the text is covered in order.</summary>
    /// <exception cref="DataException">The pattern takes too long on this text.</exception>
    void Find(ReadOnlySpan<char> text, List<TextMatch> into);
}

/// <summary>A part of a text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsMatch">Whether the pattern matches it, or it lies between matches.</param>
internal readonly record struct TextMatch(int Start, int End, bool IsMatch)
{
    /// <summary>Appends a match, and before it what lies between the end of the last part and its start.</summary>
    public static void Add(List<TextMatch> into, ref int last, int start, int end)
    {
        if (last < start) into.Add(new(last, start, false));
        into.Add(new(start, end, true));
        last = end;
    }

    /// <summary>Appends what follows the last match.</summary>
    public static void AddRest(List<TextMatch> into, int last, int length)
    {
        if (last < length) into.Add(new(last, length, false));
    }
}
