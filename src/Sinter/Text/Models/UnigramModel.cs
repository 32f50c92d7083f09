using System.Buffers;
using System.Text;

namespace Sinter.Text.Models;

/// <summary>
/// The unigram language model (Kudo, "Subword Regularization", 2018, section 3.2): of all ways to write a text as tokens the one of the highest
/// probability, found by Viterbi's algorithm. A character that is no token of its own may also be unknown, which costs 10 more than the rarest token;
/// neighbouring unknowns are one token, or the bytes of it where the vocabulary has tokens for bytes. Of equally probable ways the one whose last
/// token is longer is taken, as Hugging Face's library does.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10;

    private readonly TokenVocabulary _vocabulary;
    private readonly TokenAutomaton _automaton;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int[]? _bytes;

    /// <param name="pieces">The tokens; an id is an index.</param>
    /// <param name="unknown">The id of the unknown token; null where there is none.</param>
    /// <param name="byteFallback">Whether what is unknown becomes its UTF-8 bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, where the vocabulary has them.</param>
    public UnigramModel(IReadOnlyList<UnigramPiece> pieces, int? unknown, bool byteFallback = false)
    {
        (Pieces, Unknown, ByteFallback) = (pieces, unknown, byteFallback);
        _vocabulary = new([.. pieces.Select((p, id) => KeyValuePair.Create(p.Token, id))]);
        _automaton = new(_vocabulary.Tokens);
        _scores = [.. pieces.Select(p => p.Score)];
        _unknownScore = (pieces.Count == 0 ? double.PositiveInfinity : _scores.Min()) - UnknownPenalty;
        if (byteFallback) _bytes = [.. Enumerable.Range(0, 256).Select(b => TryGetId($"<0x{b:X2}>", out int id) ? id : -1)];
    }

    /// <summary>The tokens; an id is an index.</summary>
    public IReadOnlyList<UnigramPiece> Pieces { get; }

    /// <summary>The id of the unknown token; null where there is none.</summary>
    public int? Unknown { get; }

    /// <summary>Whether what is unknown becomes bytes.</summary>
    public bool ByteFallback { get; }

    /// <inheritdoc/>
    public int Size => Pieces.Count;

    /// <inheritdoc/>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _vocabulary.TryGetId(token, out id);

    /// <inheritdoc/>
    public string TokenOf(int id) => (uint)id < (uint)Pieces.Count ? Pieces[id].Token : "";

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> into)
    {
        BestEnd[] ends = ArrayPool<BestEnd>.Shared.Rent(piece.Length + 1);
        try
        {
            FindBest(piece, ends);
            int before = into.Count;
            for (int end = piece.Length; end > 0;)
            {
                int start = ends[end].Start;
                if (ends[end].Id != Unknown)
                {
                    into.Add(new(ends[end].Id, start, end));
                }
                else
                {
                    while (start > 0 && ends[start].Id == Unknown) start = ends[start].Start;
                    AddUnknown(piece, start, end, into);
                }
                end = start;
            }
            into.Reverse(before, into.Count - before);
        }
        finally
        {
            ArrayPool<BestEnd>.Shared.Return(ends);
        }
    }

    private void FindBest(ReadOnlySpan<char> text, BestEnd[] ends)
    {
        ends[0] = default;
        int state = TokenAutomaton.Root, character = 0;
        for (int end = 1; end <= text.Length; end++)
        {
            state = _automaton.Next(state, text[end - 1]);
            if (end < text.Length && char.IsSurrogatePair(text[end - 1], text[end])) continue;
            BestEnd best = new(0, -1, -1);
            bool known = false;
            // Longest first: a later, shorter one must be better to win.
            for (int match = _automaton.Longest(state); match != TokenAutomaton.Root; match = _automaton.Shorter(match))
            {
                int start = end - _automaton.Length(match), id = _automaton.Id(match);
                double score = _scores[id] + ends[start].Score;
                if (best.Start < 0 || score > best.Score) best = new(score, start, id);
                known |= start == character;
            }
            if (!known && (best.Start < 0 || _unknownScore + ends[character].Score > best.Score))
                best = new(_unknownScore + ends[character].Score, character, Unknown ?? throw Missing(text[character..end], character));
            ends[end] = best;
            character = end;
        }
    }

    /// <summary>Adds what is unknown, last token first: the token that it happens to be, its bytes, or the unknown token.</summary>
    private void AddUnknown(ReadOnlySpan<char> text, int start, int end, List<ModelToken> into)
    {
        ReadOnlySpan<char> unknown = text[start..end];
        if (TryGetId(unknown, out int id)) into.Add(new(id, start, end));
        else if (_bytes is null || !TryAddBytes(unknown, start, end, into)) into.Add(new(Unknown!.Value, start, end));
    }

    private bool TryAddBytes(ReadOnlySpan<char> unknown, int start, int end, List<ModelToken> into)
    {
        int before = into.Count;
        Span<byte> utf8 = stackalloc byte[4];
        for (int at = unknown.Length; at > 0;)
        {
            Rune.DecodeLastFromUtf16(unknown[..at], out Rune rune, out int units);
            at -= units;
            for (int i = rune.EncodeToUtf8(utf8) - 1; i >= 0; i--)
            {
                if (_bytes![utf8[i]] < 0)
                {
                    into.RemoveRange(before, into.Count - before);
                    return false;
                }
                into.Add(new(_bytes[utf8[i]], start, end));
            }
        }
        return true;
    }

    private static DataException Missing(ReadOnlySpan<char> character, int position) =>
        new($"\"{character}\", at position {position} of a piece, is not in the vocabulary, and the tokenizer has no unknown token; "
            + "give its model an unk_id, or remove the character");

    /// <summary>The best way to write the text up to here: its score, and where its last token begins.</summary>
    private readonly record struct BestEnd(double Score, int Start, int Id);
}
