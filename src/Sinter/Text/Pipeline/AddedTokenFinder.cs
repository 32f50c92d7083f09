using System.Buffers;
using Sinter.Text.Characters;

namespace Sinter.Text.Pipeline;

/// <summary>Finds added tokens in text: the leftmost, and of those that begin there the longest; the next begins after it.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly Dictionary<char, int[]> _lengths;
    private readonly SearchValues<string>? _texts;

    /// <summary>Takes the tokens and the texts by which they are found; a text that is empty is not looked for.</summary>
    public AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        Dictionary<string, AddedToken> all = new(StringComparer.Ordinal);
        // Of two that are one when normalized, the last counts.
        foreach ((string text, AddedToken token) in tokens)
            if (text.Length > 0) all[text] = token;
        _tokens = all.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = all.Keys.GroupBy(t => t[0]).ToDictionary(g => g.Key, g => g.Select(t => t.Length).Distinct().OrderDescending().ToArray());
        if (all.Count > 0) _texts = SearchValues.Create([.. all.Keys], StringComparison.Ordinal);
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
            AddedToken token = At(text[(from + found)..], out int length);
            (start, end) = (from + found, from + found + length);
            from = end;
            if (token.SingleWord && (IsWordBefore(text, start) || IsWordAt(text, end))) continue;
            if (token.StripLeft) start = Math.Max(SpaceStart(text, start, done), done);
            while (token.StripRight && end < text.Length && CharTable.Is(text[end], CharFlags.White)) end++;
            if (start < end) return token;
        }
        start = end = text.Length;
        return null;
    }

    private AddedToken At(ReadOnlySpan<char> text, out int length)
    {
        foreach (int candidate in _lengths[text[0]])
        {
            length = candidate;
            if (candidate <= text.Length && _tokens.TryGetValue(text[..candidate], out AddedToken? token)) return token;
        }
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
