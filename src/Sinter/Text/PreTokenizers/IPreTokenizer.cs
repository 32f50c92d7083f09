namespace Sinter.Text.PreTokenizers;

/// <summary>Cuts text into pieces whose tokens a model finds one by one. Immutable, so that threads share it.</summary>
internal interface IPreTokenizer
{
    /// <summary>Whether it asks pieces where they began in the original text, so that this must be remembered.</summary>
    bool NeedsOrigins => false;

    /// <summary>Cuts the pieces that are no added tokens.</summary>
    void Cut(PieceList pieces);
}
