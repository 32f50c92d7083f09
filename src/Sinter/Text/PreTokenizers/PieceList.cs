using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;

namespace Sinter.Text.PreTokenizers;

/// <summary>A piece of text, or an added token.</summary>
/// <param name="Text">The text.</param>
/// <param name="Token">The id of the added token that the text is; −1 if it is none.</param>
internal readonly record struct Piece(NormalizedText Text, int Token = -1);

/// <summary>The pieces of a text, in order; none is empty.</summary>
internal sealed class PieceList
{
    private List<Piece> _pieces = [];

    /// <summary>The pieces.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Adds a piece unless it is empty.</summary>
    public void Add(Piece piece)
    {
        if (piece.Text.Length > 0) _pieces.Add(piece);
    }

    /// <summary>Changes each piece that is no added token.</summary>
    public void Change(Action<NormalizedText> change) => Replace((text, into) =>
    {
        change(text);
        into.Add(new(text));
    });

    /// <summary>Puts pieces in place of each that is no added token.</summary>
    public void Replace(Action<NormalizedText, PieceList> replace)
    {
        PieceList made = new() { _pieces = new(_pieces.Count) };
        foreach (Piece piece in _pieces)
        {
            if (piece.Token >= 0) made.Add(piece);
            else replace(piece.Text, made);
        }
        _pieces = made._pieces;
    }

    /// <summary>Cuts each piece that is no added token at the matches of a pattern.</summary>
    public void Split(ITextPattern pattern, SplitBehavior behavior, bool invert = false)
    {
        List<TextMatch> parts = [];
        Replace((text, into) => Split(text, pattern, behavior, invert, parts, into));
    }

    /// <summary>Cuts a piece at the matches of a pattern.</summary>
    public static void Split(NormalizedText text, ITextPattern pattern, SplitBehavior behavior, bool invert, List<TextMatch> parts, PieceList into)
    {
        parts.Clear();
        pattern.Find(text.Text, parts);
        for (int i = 0; invert && i < parts.Count; i++) parts[i] = parts[i] with { IsMatch = !parts[i].IsMatch };
        foreach (TextMatch part in behavior.Pieces(parts)) into.Add(new(text.Slice(part.Start, part.End)));
    }
}
