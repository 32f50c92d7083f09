using System.Buffers;
using System.Text;

namespace Sinter.Text;

/// <summary>
/// Byte-level byte-pair encoding as in GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, section 2.2): the text is
/// cut into words by a pattern, a word is its UTF-8 bytes, and adjacent pieces merge in the order learned. No text is outside the vocabulary. An
/// unpaired surrogate is taken for U+FFFD, and the text of an added token, such as <c>&lt;|endoftext|&gt;</c>, becomes that token.
/// </summary>
public sealed class BytePairTokenizer : ITokenizer
{
    /// <summary>The text of the token that separates documents.</summary>
    public const string EndOfText = "<|endoftext|>";

    private static readonly string[] EndNames = [EndOfText, "<|end_of_text|>", "</s>", "<eos>"];

    private readonly byte[]?[] _tokens;
    private readonly int[] _byteIds = new int[256];
    private readonly AddedTokenFinder _added;
    private readonly WordCache _cache = new();
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _whole;
    private readonly byte[]? _source;

    /// <param name="model">The vocabulary and merges, complete and consistent.</param>
    /// <param name="source">The file's content that the tokenizer was read from; null has it written anew.</param>
    internal BytePairTokenizer(BytePairModel model, byte[]? source = null)
    {
        Model = model;
        _source = source;
        _tokens = new byte[]?[model.Size];
        foreach ((byte[] bytes, int id) in model.Vocabulary)
        {
            _tokens[id] = bytes;
            if (bytes.Length == 1) _byteIds[bytes[0]] = id;
        }
        foreach (AddedToken token in model.AddedTokens) _tokens[token.Id] = Encoding.UTF8.GetBytes(token.Content);
        _added = new(model.AddedTokens);
        EndOfTextId = EndNames.Select(name => model.AddedTokens.FirstOrDefault(t => t.Content == name)?.Id).FirstOrDefault(id => id is not null);
        if (model.IgnoreMerges) _whole = model.Vocabulary.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <inheritdoc/>
    public string Kind => "bpe";

    /// <inheritdoc/>
    public int VocabSize => _tokens.Length;

    /// <inheritdoc/>
    public int? EndOfTextId { get; }

    /// <summary>How the text is cut before bytes merge.</summary>
    public SplitPattern Pattern => Model.Pattern;

    /// <summary>The tokens that are found in the text as they are.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => Model.AddedTokens;

    internal BytePairModel Model { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        while (!text.IsEmpty)
        {
            AddedToken? token = _added.Find(text, out int start);
            EncodeWords(text[..start], ids);
            if (token is null) return;
            ids.Add(token.Id);
            text = text[(start + token.Content.Length)..];
        }
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
