using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Characters;

namespace Sinter.Text.Models;

/// <summary>
/// Byte-pair encoding over characters (Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016), in all forms that files
/// have. <see cref="BytePairTokenizer"/> is the faster way where characters stand for bytes.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly BpeSettings _settings;
    private readonly string?[] _tokens;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly MergeTable _merges;
    private readonly int[] _bytes = new int[256];
    private readonly int _unknown;
    private readonly WordCache<ModelToken> _cache = new();

    /// <summary>Takes the vocabulary and the merges.</summary>
    public BpeModel(Dictionary<string, int> vocabulary, MergeTable merges, BpeSettings settings)
    {
        (_merges, _settings) = (merges, settings);
        _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[1 + vocabulary.Values.DefaultIfEmpty(-1).Max()];
        foreach ((string token, int id) in vocabulary) _tokens[id] = token;
        for (int b = 0; b < 256; b++) _bytes[b] = settings.ByteFallback ? vocabulary.GetValueOrDefault($"<0x{b:X2}>", -1) : -1;
        _unknown = settings.Unknown is null ? -1 : vocabulary.GetValueOrDefault(settings.Unknown, -1);
    }

    /// <inheritdoc/>
    public int Size => _tokens.Length;

    /// <inheritdoc/>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _ids.TryGetValue(token, out id);

    /// <inheritdoc/>
    public string TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] ?? "" : "";

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> into)
    {
        if (piece.IsEmpty) return;
        if (_settings.IgnoreMerges && _ids.TryGetValue(piece, out int whole)) into.Add(new(whole, 0, piece.Length));
        else if (_cache.TryGet(piece, out ReadOnlySpan<ModelToken> known)) into.AddRange(known);
        else
        {
            int first = into.Count;
            Merge(piece, into);
            _cache.Add(piece, CollectionsMarshal.AsSpan(into)[first..]);
        }
    }

    private void Merge(ReadOnlySpan<char> piece, List<ModelToken> into)
    {
        // A character gives at most its bytes, and a suffix's.
        int most = checked(3 * piece.Length + 4 * (_settings.Suffix?.Length ?? 0) * Math.Min(1, piece.Length));
        int[] buffer = ArrayPool<int>.Shared.Rent(checked(3 * most));
        SymbolBuffer symbols = new(buffer.AsSpan(0, most), buffer.AsSpan(most, most));
        Symbols(piece, ref symbols);
        Span<int> starts = buffer.AsSpan(2 * most, most)[..symbols.Count];
        int count = WordMerger.Merge(_merges, symbols.Ids[..symbols.Count], starts);
        BytePositions positions = new(piece);
        for (int i = 0, bytes = 0; i < count; i++)
        {
            int start = positions.UnitOf(bytes, out _), end = i + 1 < count ? starts[i + 1] : symbols.Count;
            for (int s = starts[i]; s < end; s++) bytes += symbols.Bytes[s];
            positions.UnitOf(bytes - 1, out int unitEnd);
            into.Add(new(symbols.Ids[i], start, unitEnd));
        }
        ArrayPool<int>.Shared.Return(buffer);
    }

    /// <summary>
    /// The symbols that merge. As in the reference, an unknown one is held back until a known one comes, and where there is no unknown token a
    /// character without a token is left out, with its place.
    /// </summary>
    private void Symbols(ReadOnlySpan<char> piece, ref SymbolBuffer symbols)
    {
        int unknownBytes = 0;
        for (int i = 0; i < piece.Length;)
        {
            int size = CodePoints.Utf8Length(CodePoints.At(piece, i, out int length));
            ReadOnlySpan<char> symbol = WithAffixes(piece.Slice(i, length), first: i == 0, last: i + length == piece.Length);
            i += length;
            if (_ids.TryGetValue(symbol, out int id))
            {
                if (unknownBytes > 0) symbols.Add(_unknown, unknownBytes);
                unknownBytes = 0;
                symbols.Add(id, size);
            }
            else if (!_settings.ByteFallback || !AddBytes(symbol, ref symbols))
            {
                if (_settings.Unknown is null) continue;
                if (_unknown < 0) throw new DataException($"bpe: the unknown token \"{_settings.Unknown}\" is needed, but is not in the vocabulary");
                if (unknownBytes > 0 && !_settings.FuseUnknown)
                {
                    symbols.Add(_unknown, unknownBytes);
                    unknownBytes = 0;
                }
                unknownBytes += size;
            }
        }
        if (unknownBytes > 0) symbols.Add(_unknown, unknownBytes);
    }

    private ReadOnlySpan<char> WithAffixes(ReadOnlySpan<char> symbol, bool first, bool last)
    {
        string? prefix = first ? null : _settings.Prefix, suffix = last ? _settings.Suffix : null;
        return prefix is null && suffix is null ? symbol : string.Concat(prefix, symbol, suffix);
    }

    private bool AddBytes(ReadOnlySpan<char> symbol, ref SymbolBuffer symbols)
    {
        Span<byte> utf8 = symbol.Length <= 16 ? stackalloc byte[48] : new byte[3 * symbol.Length];
        utf8 = utf8[..Encoding.UTF8.GetBytes(symbol, utf8)];
        foreach (byte b in utf8)
            if (_bytes[b] < 0) return false;
        foreach (byte b in utf8) symbols.Add(_bytes[b], 1);
        return true;
    }

    /// <summary>Symbols and the bytes of text that each stands for.</summary>
    private ref struct SymbolBuffer(Span<int> ids, Span<int> bytes)
    {
        public readonly Span<int> Ids = ids, Bytes = bytes;

        public int Count { get; private set; }

        public void Add(int id, int size) => (Ids[Count], Bytes[Count++]) = (id, size);
    }

    /// <summary>Finds the characters that bytes belong to; asked in ascending order.</summary>
    private ref struct BytePositions(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _unit, _byte;

        public int UnitOf(int target, out int end)
        {
            while (_unit < _text.Length)
            {
                int size = CodePoints.Utf8Length(CodePoints.At(_text, _unit, out int length));
                end = _unit + length;
                if (target < _byte + size) return _unit;
                (_unit, _byte) = (end, _byte + size);
            }
            return end = _unit;
        }
    }
}
