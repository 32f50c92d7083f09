using System.Buffers;
using System.Text;
using Sinter.Text.Decoders;
using Sinter.Text.Pipeline;

namespace Sinter.Text;

/// <summary>A tokenizer with all the stages of a <c>tokenizer.json</c>, that gives what Hugging Face's library gives with the same file.</summary>
public sealed class PipelineTokenizer : ITokenizer
{
    private readonly TokenPipeline _pipeline;
    private readonly byte[] _source;

    internal PipelineTokenizer(string kind, TokenPipeline pipeline, byte[] source, SpecialTokens special) =>
        (Kind, _pipeline, _source, SpecialTokens) = (kind, pipeline, source, special);

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public int VocabSize => _pipeline.Size;

    /// <inheritdoc/>
    public int? EndOfTextId => SpecialTokens.Eos;

    /// <inheritdoc/>
    public SpecialTokens SpecialTokens { get; }

    /// <inheritdoc/>
    public bool DecodesEachId => _pipeline.Decoder is ByteLevelDecoder;

    /// <summary>The tokens that are found in the text as they are.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _pipeline.Added.Tokens;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids) => _pipeline.Encode(text, ids);

    /// <inheritdoc/>
    public TokenEncoding Encode(string text, bool addSpecialTokens, string? pair = null, int? maxLength = null) =>
        _pipeline.Encode(text, addSpecialTokens, pair, maxLength);

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)VocabSize)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"no token has this id; the vocabulary has {VocabSize}");
            if (DecodesEachId) utf8.Write(ByteLevelDecoder.Bytes(_pipeline.TokenOf(id)));
        }
        if (!DecodesEachId) Encoding.UTF8.GetBytes(_pipeline.Decode(ids, skipSpecialTokens: false), utf8);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => _pipeline.Decode(ids, skipSpecialTokens);

    /// <inheritdoc/>
    public int? IdOf(string token) => _pipeline.IdOf(token);

    /// <inheritdoc/>
    public string TokenOf(int id) => _pipeline.TokenOf(id);

    /// <inheritdoc/>
    public byte[] ToJson() => [.. _source];

    internal PipelineTokenizer With(SpecialTokens special) => new(Kind, _pipeline, _source, special);
}
