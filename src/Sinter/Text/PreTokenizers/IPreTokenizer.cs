namespace Sinter.Text.PreTokenizers;

/// <summary>Cuts text into pieces whose tokens a model finds one by one. Immutable, so that threads share it.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts the pieces that are no added tokens.</summary>
    void Cut(PieceList pieces);
}
