using Sinter.Text.Json;

namespace Sinter.Text.Patterns;

/// <summary>Reads the <c>pattern</c> of a <c>Split</c> or a <c>Replace</c>: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    /// <summary>Reads the member <c>pattern</c>.</summary>
    public static ITextPattern Read(JsonNodeReader owner)
    {
        JsonNodeReader pattern = owner.Object("pattern");
        if (pattern.OptionalString("String") is { } text)
            return text.Length > 0 ? new LiteralPattern(text) : throw pattern.Unsupported("String", "an empty text", "a text is");
        string regex = pattern.OptionalString("Regex") ?? throw pattern.Error("expected a String or a Regex");
        if (WordSplitter.Known(regex) is { } known) return new WordPattern(known);
        return RegexPattern.Create(regex, out string? refused) ?? throw pattern.Unsupported("Regex", $"the pattern {regex}", refused!);
    }
}
