using System.Buffers;
using Sinter.Text.Characters;

namespace Sinter.Text.Pipeline;

/// <summary>Finds added tokens in text: the leftmost, and of those that begin there the longest; the next begins after it.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<char, (string Text, AddedToken Token)[]> _longestFirst;
    private readonly SearchValues<string>? _texts;

    /// <summary>Takes the tokens and the texts by which they are found; a text that is empty is not looked for.</summary>
    public AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        (string Text, AddedToken Token)[] all = [.. tokens.Where(t => t.Text.Length > 0)];
        _longestFirst = all.GroupBy(t => t.Text[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Text.Length).ToArray());
        if (all.Length > 0) _texts = SearchValues.Create([.. all.Select(t => t.Text)], StringComparison.Ordinal);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty => _texts is null;

    /// <summary>Finds the next token. It may begin before <paramref name="done"/>, in white space that the token before has taken.</summary>
    /// <param name="text">All of the text.</param>
    /// <param name="done">Where the part ends that belongs to tokens found before, with the white space that they take.</param>
    /// <param name="from">Where to look; becomes where to look next.</param>
    /// <param name="start">Where the token begins, with the white space that it takes; the text's end if there is none.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The token, or null.</returns>
    public AddedToken? Next(ReadOnlySpan<char> text, int done, ref int from, out int start, out int end)
    {
        while (_texts is not null && text[from..].IndexOfAny(_texts) is >= 0 and int found)
        {
            (string content, AddedToken token) = At(text[(from + found)..]);
            (start, end) = (from + found, from + found + content.Length);
            from = end;
            if (token.SingleWord && (IsWordBefore(text, start) || IsWordAt(text, end))) continue;
            if (token.StripLeft) start = Math.Max(SpaceStart(text, start, done), done);
            while (token.StripRight && end < text.Length && CharTable.Is(text[end], CharFlags.White)) end++;
            if (start < end) return token;
        }
        start = end = text.Length;
        return null;
    }

    private (string Text, AddedToken Token) At(ReadOnlySpan<char> text)
    {
        foreach ((string Text, AddedToken Token) candidate in _longestFirst[text[0]])
            if (text.StartsWith(candidate.Text, StringComparison.Ordinal)) return candidate;
        throw new InvalidOperationException("no token begins where one was found");
    }

    private static int SpaceStart(ReadOnlySpan<char> text, int start, int done)
    {
        while (start > done && CharTable.Is(text[start - 1], CharFlags.White)) start--;
        return start;
    }

    private static bool IsWordBefore(ReadOnlySpan<char> text, int index) => index > 0 && CharTable.Is(CodePoints.Before(text, index, out _), CharFlags.Word);

    private static bool IsWordAt(ReadOnlySpan<char> text, int index) => index < text.Length && CharTable.Is(CodePoints.At(text, index, out _), CharFlags.Word);
}
