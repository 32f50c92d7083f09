using System.Text.Json.Nodes;
using Sinter.Text.Json;

namespace Sinter.Text.VocabularyFiles;

/// <summary>An added token as transformers' files describe it: a text alone, or a text and how it is found.</summary>
internal sealed record TokenSpec(string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special)
{
    /// <summary>Reads a token; one that is only a text is special.</summary>
    /// <param name="node">The text or object.</param>
    /// <param name="special">Whether an object that does not say so is special.</param>
    public static TokenSpec Read(JsonNodeReader node, bool special)
    {
        if (node.IsString) return Plain(node.String(), special: true);
        special = node.Bool("special", special);
        return new(node.OptionalString("content") ?? throw node.Error("'content' is missing"), node.Bool("single_word"), node.Bool("lstrip"),
            node.Bool("rstrip"), node.Bool("normalized", missing: !special), special);
    }

    /// <summary>A token that is found wherever its text is; one that is not special is looked for in the normalized text.</summary>
    public static TokenSpec Plain(string content, bool special) => new(content, false, false, false, Normalized: !special, special);

    /// <summary>The token in <c>added_tokens</c>.</summary>
    public JsonObject ToJson(int id) => new()
    {
        ["id"] = id, ["content"] = Content, ["single_word"] = SingleWord, ["lstrip"] = LeftStrip, ["rstrip"] = RightStrip,
        ["normalized"] = Normalized, ["special"] = Special,
    };
}
