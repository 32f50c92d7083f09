namespace Sinter.Text;

/// <summary>The ids of a tokenizer's tokens that mean something to a model; null where it has none.</summary>
/// <param name="Bos">What a text begins with.</param>
/// <param name="Eos">What a text ends with.</param>
/// <param name="Pad">What fills up shorter texts.</param>
/// <param name="Unk">What stands for the unknown.</param>
/// <param name="Cls">At whose position BERT's family classifies.</param>
/// <param name="Sep">What stands between two texts.</param>
/// <param name="Mask">What stands for a token to be guessed.</param>
public sealed record SpecialTokens(int? Bos = null, int? Eos = null, int? Pad = null, int? Unk = null, int? Cls = null, int? Sep = null, int? Mask = null)
{
    /// <summary>None.</summary>
    public static SpecialTokens None { get; } = new();
}
