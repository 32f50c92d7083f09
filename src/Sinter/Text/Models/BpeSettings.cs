namespace Sinter.Text.Models;

/// <summary>What a <see cref="BpeModel"/> has besides its vocabulary.</summary>
internal sealed record BpeSettings
{
    /// <summary>The token of what the vocabulary lacks; null leaves that out.</summary>
    public string? Unknown { get; init; }

    /// <summary>What a character that does not begin a word is written with in front.</summary>
    public string? Prefix { get; init; }

    /// <summary>What the last character of a word is written with behind.</summary>
    public string? Suffix { get; init; }

    /// <summary>Whether unknown characters side by side are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character that the vocabulary lacks becomes tokens of its bytes, such as <c>&lt;0xE4&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is itself a token is that token, whatever the merges make of it.</summary>
    public bool IgnoreMerges { get; init; }
}
