namespace Sinter.Text;

/// <summary>A token that is found in the text as it is, before the text is cut into words.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Content">The text that it stands for; not empty.</param>
/// <param name="Special">Whether it controls a model (end of text, …) rather than being text.</param>
public sealed record AddedToken(int Id, string Content, bool Special)
{
    /// <summary>Whether it is found only where no letter or digit is beside it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether it takes the white space after it.</summary>
    public bool StripRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text, in its own normalized form.</summary>
    public bool Normalized { get; init; }
}
