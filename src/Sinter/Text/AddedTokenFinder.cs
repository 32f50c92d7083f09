using System.Buffers;

namespace Sinter.Text;

/// <summary>Finds added tokens in text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string>? _contents;

    /// <summary>Takes the tokens to look for.</summary>
    public AddedTokenFinder(IReadOnlyList<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(t => t.Content.Length)];
        if (tokens.Count > 0) _contents = SearchValues.Create([.. tokens.Select(t => t.Content)], StringComparison.Ordinal);
    }

    /// <summary>The first token in the text and where it begins; null, at the text's end, if there is none.</summary>
    public AddedToken? Find(ReadOnlySpan<char> text, out int start)
    {
        int found = _contents is null ? -1 : text.IndexOfAny(_contents);
        start = found < 0 ? text.Length : found;
        if (found < 0) return null;
        foreach (AddedToken token in _longestFirst)
            if (text[found..].StartsWith(token.Content, StringComparison.Ordinal)) return token;
        return null;
    }
}
