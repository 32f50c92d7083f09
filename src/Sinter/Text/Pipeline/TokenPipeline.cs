using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sinter.Text.Characters;
using Sinter.Text.Decoders;
using Sinter.Text.Json;
using Sinter.Text.Models;
using Sinter.Text.Normalizers;
using Sinter.Text.PostProcessors;
using Sinter.Text.PreTokenizers;

namespace Sinter.Text.Pipeline;

/// <summary>
/// The stages of a <c>tokenizer.json</c> in order: added tokens, normalizer, pre-tokenizer, model, truncation, post-processor, padding; and the decoder
/// back. Immutable, so that threads share it.
/// </summary>
internal sealed record TokenPipeline(AddedVocabulary Added, IPreTokenizer? PreTokenizer, ITokenModel Model, IPostProcessor? PostProcessor,
    ITokenDecoder? Decoder, Truncation? Truncation, Padding? Padding)
{
    private static readonly ConditionalWeakTable<ITokenizer, TokenPipeline> OfTokenizers = [];

    /// <summary>One more than the largest id.</summary>
    public int Size { get; } = Math.Max(Model.Size, 1 + Added.Tokens.Select(t => t.Id).DefaultIfEmpty(-1).Max());

    /// <summary>The pipeline of a tokenizer's file, which is read at the first call.</summary>
    public static TokenPipeline Of(ITokenizer tokenizer) => OfTokenizers.GetValue(tokenizer, static t => new TokenizerJsonReader("tokenizer.json").ReadPipeline(t.ToJson()));

    /// <summary>The same stages with another model.</summary>
    public TokenPipeline With(ITokenModel model) => new(Added, PreTokenizer, model, PostProcessor, Decoder, Truncation, Padding);

    /// <summary>Appends the ids of a text; nothing is cut, added or filled up.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        List<ModelToken> tokens = [];
        foreach (Piece piece in Cut(text, PreTokenizer?.NeedsOrigins ?? false).Pieces)
        {
            if (piece.Token >= 0)
            {
                ids.Add(piece.Token);
                continue;
            }
            tokens.Clear();
            Model.Tokenize(piece.Text.Text, tokens);
            foreach (ModelToken token in tokens) ids.Add(token.Id);
        }
    }

    /// <summary>Encodes a text or a pair for a model.</summary>
    public TokenEncoding Encode(string text, bool addSpecialTokens, string? pair, int? maxLength)
    {
        Truncation? truncation = maxLength is { } most ? new(most, Left: Truncation?.Left ?? false) : Truncation;
        List<List<EncodedToken>> parts = [Tokens(text, 0, truncation)];
        if (pair is not null) parts.Add(Tokens(pair, 1, truncation));
        truncation?.Apply(parts, addSpecialTokens ? PostProcessor?.Added(pair is not null) ?? 0 : 0);
        return Pad(PostProcessor?.Process(parts, addSpecialTokens) ?? parts);
    }

    /// <summary>The text of ids. Ids that no token has are left out.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        List<string> tokens = new(ids.Length);
        foreach (int id in ids)
        {
            string text = TokenOf(id);
            if (text.Length > 0 && !(skipSpecialTokens && Added.IsSpecial(text))) tokens.Add(text);
        }
        return Decoder is null ? string.Join(' ', tokens) : string.Concat(Decoder.Decode(tokens));
    }

    /// <summary>The id of a token.</summary>
    public int? IdOf(string token) => Added.IdOf(token) ?? (Model.TryGetId(token, out int id) ? id : null);

    /// <summary>The token of an id as the vocabulary writes it; empty if there is none.</summary>
    public string TokenOf(int id) => Added.TextOf(id) ?? Model.TokenOf(id);

    /// <summary>The pieces of which the model makes tokens, and the added tokens between them.</summary>
    public PieceList Cut(ReadOnlySpan<char> text, bool aligned)
    {
        PieceList pieces = Added.Extract(NormalizedText.Of(CodePoints.WellFormed(text), aligned));
        PreTokenizer?.Cut(pieces);
        return pieces;
    }

    private List<EncodedToken> Tokens(string text, int typeId, Truncation? truncation)
    {
        List<EncodedToken> encoded = [];
        List<ModelToken> tokens = [];
        // What a cut at the end would take away need not be made.
        int enough = truncation is { Left: false } && (truncation.Strategy != TruncationStrategy.OnlySecond || typeId > 0) ? truncation.MaxLength : int.MaxValue;
        foreach (Piece piece in Cut(text, aligned: true).Pieces)
        {
            tokens.Clear();
            if (piece.Token < 0) Model.Tokenize(piece.Text.Text, tokens);
            else tokens.Add(new(piece.Token, 0, piece.Text.Length));
            foreach (ModelToken token in CollectionsMarshal.AsSpan(tokens))
            {
                (int start, int end) = piece.Text.Original(token.Start, token.End);
                encoded.Add(new(token.Id, piece.Token < 0 ? Model.TokenOf(token.Id) : piece.Text.Text.ToString(), start, end, typeId));
            }
            if (piece.Token < 0 && encoded.Count >= enough) break;
        }
        return encoded;
    }

    private TokenEncoding Pad(List<List<EncodedToken>> parts)
    {
        int count = parts.Sum(p => p.Count), missing = Padding?.Missing(count) ?? 0, first = Padding is { Left: true } ? missing : 0, at = first;
        int[] ids = new int[count + missing], typeIds = new int[ids.Length];
        (int, int)[] offsets = new (int, int)[ids.Length];
        bool[] special = new bool[ids.Length], attended = new bool[ids.Length];
        Array.Fill(ids, Padding?.Id ?? 0);
        Array.Fill(typeIds, Padding?.TypeId ?? 0);
        Array.Fill(special, true);
        foreach (List<EncodedToken> part in parts)
        {
            foreach (ref readonly EncodedToken token in CollectionsMarshal.AsSpan(part))
                (ids[at], typeIds[at], offsets[at], special[at], attended[at++]) = (token.Id, token.TypeId, (token.Start, token.End), token.IsSpecial, true);
        }
        return new() { Ids = ids, TypeIds = typeIds, Offsets = offsets, SpecialTokensMask = special, AttentionMask = attended };
    }
}
