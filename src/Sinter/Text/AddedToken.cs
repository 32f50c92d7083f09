namespace Sinter.Text;

/// <summary>A token that is found in the text as it is, before the text is cut into words.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Content">The text that it stands for; not empty.</param>
/// <param name="Special">Whether it controls a model (end of text, …) rather than being text.</param>
public sealed record AddedToken(int Id, string Content, bool Special);
