namespace Sinter.Text.PostProcessors;

/// <summary>A token on its way to an encoding.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">As the vocabulary writes it, or the text of an added token as it was found.</param>
/// <param name="Start">Where it begins in the original text, in code points.</param>
/// <param name="End">Where it ends.</param>
/// <param name="TypeId">Its segment.</param>
/// <param name="IsSpecial">Whether it was added by a post-processor.</param>
internal readonly record struct EncodedToken(int Id, string Text, int Start, int End, int TypeId = 0, bool IsSpecial = false);
