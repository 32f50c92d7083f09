using System.Buffers;

namespace Sinter.Text.Models;

/// <summary>
/// WordPiece as in BERT (Devlin et al., 2019): the longest token that begins a word, then again and again the longest token that continues it, which
/// the vocabulary writes with a prefix; a word that can't be covered so is one unknown token. The longest tokens are found from the word's end to its
/// beginning in one pass, so that a word takes time in proportion to its length, whatever the vocabulary.
/// </summary>
internal sealed class WordPieceModel : ITokenModel
{
    private readonly TokenVocabulary _vocabulary;
    private readonly TokenAutomaton _first, _reversed;

    /// <param name="tokens">The vocabulary.</param>
    /// <param name="unknown">The token of a word that can't be covered.</param>
    /// <param name="prefix">What the vocabulary writes before a token that continues a word.</param>
    /// <param name="maxInputChars">The longest word, in code points; a longer one is unknown.</param>
    public WordPieceModel(IReadOnlyCollection<KeyValuePair<string, int>> tokens, string unknown = "[UNK]", string prefix = "##",
        int maxInputChars = 100)
    {
        _vocabulary = new(tokens);
        _first = new(_vocabulary.Tokens);
        _reversed = new([.. _vocabulary.Tokens.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(t => KeyValuePair.Create(Reversed(t.Key.AsSpan(prefix.Length)), t.Value))]);
        (Unknown, Prefix, MaxInputChars) = (unknown, prefix, maxInputChars);
    }

    /// <summary>The token of a word that can't be covered.</summary>
    public string Unknown { get; }

    /// <summary>What the vocabulary writes before a token that continues a word.</summary>
    public string Prefix { get; }

    /// <summary>The longest word, in code points.</summary>
    public int MaxInputChars { get; }

    /// <inheritdoc/>
    public int Size => _vocabulary.Size;

    /// <inheritdoc/>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _vocabulary.TryGetId(token, out id);

    /// <inheritdoc/>
    public string TokenOf(int id) => _vocabulary.TokenOf(id);

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> into)
    {
        int before = into.Count;
        if (!piece.IsEmpty && (IsTooLong(piece) || !TryCover(piece, into)))
        {
            into.RemoveRange(before, into.Count - before);
            if (!TryGetId(Unknown, out int unknown))
                throw new DataException($"\"{Shortened(piece)}\" is no word of the vocabulary, and neither is the unknown token {Unknown}; "
                    + "add it to the tokenizer's vocabulary");
            into.Add(new(unknown, 0, piece.Length));
        }
    }

    private bool TryCover(ReadOnlySpan<char> word, List<ModelToken> into)
    {
        int state = TokenAutomaton.Root, end = 0;
        for (int i = 0; i < word.Length && (state = _first.Extend(state, word[i])) >= 0; i++)
        {
            if (_first.Id(state) < 0) continue;
            if (end == 0) into.Add(default);
            into[^1] = new(_first.Id(state), 0, end = i + 1);
        }
        if (end == 0 || end == word.Length) return end > 0;
        int[] states = ArrayPool<int>.Shared.Rent(word.Length);
        state = TokenAutomaton.Root;
        for (int i = word.Length - 1; i >= end; i--) states[i] = _reversed.Longest(state = _reversed.Next(state, word[i]));
        while (end < word.Length && states[end] != TokenAutomaton.Root)
        {
            int start = end;
            end += _reversed.Length(states[start]);
            into.Add(new(_reversed.Id(states[start]), start, end));
        }
        ArrayPool<int>.Shared.Return(states);
        return end == word.Length;
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= MaxInputChars) return false;
        int pairs = 0;
        for (int i = 1; i < word.Length; i++)
            if (char.IsSurrogatePair(word[i - 1], word[i])) pairs++;
        return word.Length - pairs > MaxInputChars;
    }

    private static string Reversed(ReadOnlySpan<char> token)
    {
        char[] units = token.ToArray();
        Array.Reverse(units);
        return new(units);
    }

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
}
