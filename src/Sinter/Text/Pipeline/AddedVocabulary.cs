using Sinter.Text.Characters;
using Sinter.Text.Normalizers;
using Sinter.Text.PreTokenizers;

namespace Sinter.Text.Pipeline;

/// <summary>
/// The added tokens of a tokenizer. Those that are not normalized are found in the text as it is; what lies between them is normalized, and in that the
/// others are found.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, AddedToken> _byContent;
    private readonly Dictionary<int, string> _texts;

    /// <summary>Takes the tokens.</summary>
    public AddedVocabulary(IReadOnlyList<AddedToken> tokens, INormalizer? normalizer)
    {
        (Tokens, Normalizer) = (tokens, normalizer);
        _byContent = tokens.ToDictionary(t => t.Content);
        _texts = tokens.ToDictionary(t => t.Id, t => TextOf(t, normalizer));
        Raw = new(tokens.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        Normalized = new(tokens.Where(t => t.Normalized).Select(t => (_texts[t.Id], t)));
    }

    /// <summary>The tokens, in the order of the file.</summary>
    public IReadOnlyList<AddedToken> Tokens { get; }

    /// <summary>The normalizer; null if the text stays as it is.</summary>
    public INormalizer? Normalizer { get; }

    /// <summary>Finds the tokens that are looked for in the text as it is.</summary>
    public AddedTokenFinder Raw { get; }

    /// <summary>Finds the tokens that are looked for in normalized text.</summary>
    public AddedTokenFinder Normalized { get; }

    /// <summary>The id of a token.</summary>
    public int? IdOf(string content) => _byContent.TryGetValue(content, out AddedToken? token) ? token.Id : null;

    /// <summary>The text of a token, normalized if it is looked for so; null if no added token has the id.</summary>
    public string? TextOf(int id) => _texts.GetValueOrDefault(id);

    /// <summary>Whether a text is that of a special token.</summary>
    public bool IsSpecial(string text) => _byContent.TryGetValue(text, out AddedToken? token) && token.Special;

    /// <summary>Normalizes a text and takes the added tokens out of it.</summary>
    public PieceList Extract(NormalizedText text)
    {
        PieceList pieces = new();
        pieces.Add(new(text));
        pieces.Replace((piece, into) => Take(piece, Raw, into));
        pieces.Replace((piece, into) =>
        {
            Normalizer?.Normalize(piece);
            Take(piece, Normalized, into);
        });
        return pieces;
    }

    private static void Take(NormalizedText text, AddedTokenFinder finder, PieceList into)
    {
        int done = 0, from = 0;
        while (finder.Next(text.Text, done, ref from, out int start, out int end) is { } token)
        {
            if (done < start) into.Add(new(text.Slice(done, start)));
            into.Add(new(text.Slice(start, end), token.Id));
            done = end;
        }
        into.Add(new(text.Slice(done, text.Length)));
    }

    private static string TextOf(AddedToken token, INormalizer? normalizer)
    {
        if (!token.Normalized || normalizer is null) return token.Content;
        NormalizedText text = NormalizedText.Of(CodePoints.WellFormed(token.Content), aligned: false);
        normalizer.Normalize(text);
        return text.Text.ToString();
    }
}
