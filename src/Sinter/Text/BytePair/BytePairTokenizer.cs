using System.Buffers;
using System.Text;
using Sinter.Text.Characters;
using Sinter.Text.Decoders;
using Sinter.Text.Json;
using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;
using Sinter.Text.Pipeline;

namespace Sinter.Text.BytePair;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, section 2.2): the text is
/// cut into words by a pattern, a word is its UTF-8 bytes, and adjacent pieces merge in the order learned. No text is outside the vocabulary. An
/// unpaired surrogate is taken for U+FFFD, and the text of an added token, such as <c>&lt;|endoftext|&gt;</c>, becomes that token.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    /// <summary>The text of the token that separates documents.</summary>
    public const string EndOfText = "<|endoftext|>";

    private readonly byte[]?[] _tokens;
    private readonly int[] _byteIds = new int[256];
    private readonly AddedVocabulary _added;
    private readonly WordCache<int> _cache = new();
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _whole;
    private readonly byte[]? _source;

    /// <param name="model">The vocabulary and merges, complete and consistent.</param>
    /// <param name="source">The file's content that the tokenizer was read from; null has it written anew.</param>
    /// <param name="special">The tokens that mean something to a model; null has them guessed by their names.</param>
    internal BytePairTokenizer(BytePairModel model, byte[]? source = null, SpecialTokens? special = null)
    {
        Model = model;
        _source = source;
        _tokens = new byte[]?[model.Size];
        foreach ((byte[] bytes, int id) in model.Vocabulary)
        {
            _tokens[id] = bytes;
            if (bytes.Length == 1) _byteIds[bytes[0]] = id;
        }
        _added = new(model.AddedTokens, model.Normalizer);
        foreach (AddedToken token in model.AddedTokens) _tokens[token.Id] = ByteLevelDecoder.Bytes(_added.TextOf(token.Id)!);
        SpecialTokens = special ?? SpecialTokensReader.Guess(model.AddedTokens);
        if (model.IgnoreMerges) _whole = model.Vocabulary.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <inheritdoc/>
    public string Kind => "bpe";

    /// <inheritdoc/>
    public int VocabSize => _tokens.Length;

    /// <inheritdoc/>
    public int? EndOfTextId => SpecialTokens.Eos;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>How the text is cut before bytes merge.</summary>
    public SplitPattern Pattern => Model.Pattern;

    /// <summary>The tokens that are found in the text as they are.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => Model.AddedTokens;

    internal BytePairModel Model { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        int done = 0, from = 0;
        while (_added.Raw.Next(text, done, ref from, out int start, out int end) is { } token)
        {
            if (done < start) EncodeNormalized(text[done..start], ids);
            ids.Add(token.Id);
            done = end;
        }
        EncodeNormalized(text[done..], ids);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_tokens.Length || _tokens[id] is not { } bytes)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"no token has this id; the vocabulary has {VocabSize}");
            utf8.Write(bytes);
        }
    }

    /// <inheritdoc/>
    public byte[] ToJson() => _source is null ? TokenizerJsonWriter.Write(Model) : [.. _source];

    internal BytePairTokenizer With(SpecialTokens special) => new(Model, _source, special);

    private void EncodeNormalized(ReadOnlySpan<char> text, List<int> ids)
    {
        if (Model.Normalizer is { } normalizer && !normalizer.Keeps(text))
        {
            NormalizedText normalized = NormalizedText.Of(CodePoints.WellFormed(text), aligned: false);
            normalizer.Normalize(normalized);
            text = normalized.Text;
        }
        int done = 0, from = 0;
        while (_added.Normalized.Next(text, done, ref from, out int start, out int end) is { } token)
        {
            if (done < start) EncodeText(text[done..start], ids);
            ids.Add(token.Id);
            done = end;
        }
        EncodeText(text[done..], ids);
    }

    private void EncodeText(ReadOnlySpan<char> text, List<int> ids)
    {
        if (!Model.AddPrefixSpace || text.IsEmpty || text[0] == ' ')
        {
            EncodeWords(text, ids);
            return;
        }
        char[] longer = ArrayPool<char>.Shared.Rent(text.Length + 1);
        longer[0] = ' ';
        text.CopyTo(longer.AsSpan(1));
        EncodeWords(longer.AsSpan(0, text.Length + 1), ids);
        ArrayPool<char>.Shared.Return(longer);
    }

    private void EncodeWords(ReadOnlySpan<char> text, List<int> ids)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = WordSplitter.Next(Model.Pattern, text, start);
            ReadOnlySpan<char> word = text[start..end];
            if (_cache.TryGet(word, out ReadOnlySpan<int> known)) ids.AddRange(known);
            else EncodeWord(word, ids);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        int size = Encoding.UTF8.GetByteCount(word);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(size);
        int[] symbols = ArrayPool<int>.Shared.Rent(size);
        Encoding.UTF8.GetBytes(word, utf8);
        int count = 1;
        if (_whole is not { } whole || !whole.TryGetValue(utf8.AsSpan(0, size), out symbols[0]))
        {
            for (int i = 0; i < size; i++) symbols[i] = _byteIds[utf8[i]];
            count = WordMerger.Merge(Model.Merges, symbols.AsSpan(0, size));
        }
        ids.AddRange(symbols.AsSpan(0, count));
        _cache.Add(word, symbols.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(utf8);
        ArrayPool<int>.Shared.Return(symbols);
    }
}
