namespace Sinter.Text.Models;

/// <summary>Tokens by id and ids by token. Of equal tokens the last has the name; the ids of the others are nobody's.</summary>
internal sealed class TokenVocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string[] _tokens;

    /// <summary>Takes tokens and their ids, which are not negative.</summary>
    public TokenVocabulary(IReadOnlyCollection<KeyValuePair<string, int>> tokens)
    {
        _ids = new(tokens.Count, StringComparer.Ordinal);
        foreach ((string token, int id) in tokens) _ids[token] = id;
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string[tokens.Count == 0 ? 0 : 1 + tokens.Max(t => t.Value)];
        Array.Fill(_tokens, "");
        foreach ((string token, int id) in _ids) _tokens[id] = token;
    }

    /// <summary>One more than the largest id.</summary>
    public int Size => _tokens.Length;

    /// <summary>The tokens and their ids, each token once.</summary>
    public IReadOnlyCollection<KeyValuePair<string, int>> Tokens => _ids;

    /// <summary>The id of a token.</summary>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    /// <summary>The token of an id; empty where there is none.</summary>
    public string TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : "";
}
