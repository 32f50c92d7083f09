using Sinter.Text.Characters;

namespace Sinter.Text.Json;

/// <summary>Members of the parts of a <c>tokenizer.json</c>.</summary>
internal static class JsonNodeReaderExtensions
{
    /// <summary>The member that must be one code point.</summary>
    public static string CodePoint(this JsonNodeReader node, string member)
    {
        string text = node.OptionalString(member) ?? throw node.Error($"'{member}' is missing");
        return CodePoints.Count(text) == 1 ? text : throw node.Error($"{member}: expected one character, found \"{text}\"");
    }

    /// <summary>The member that must be a text that is not empty.</summary>
    public static string Text(this JsonNodeReader node, string member, string missing)
    {
        string text = node.OptionalString(member) ?? missing;
        return text.Length > 0 ? text : throw node.Unsupported(member, "an empty text", "a text is");
    }

    /// <summary>The member that must be a whole number that is not negative.</summary>
    public static int Int(this JsonNodeReader node, string member, int missing) => node.Optional(member)?.Int(0, int.MaxValue) ?? missing;
}
