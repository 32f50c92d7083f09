using System.Text.Json.Nodes;

namespace Sinter.Text.Json;

/// <summary>Writes the post-processor <c>TemplateProcessing</c>: what stands around one text, and around and between two.</summary>
internal static class TokenTemplate
{
    /// <summary>The part of <c>tokenizer.json</c>, with the ids of the templates' tokens.</summary>
    public static JsonObject Write(IReadOnlyList<TemplateItem> single, IReadOnlyList<TemplateItem> pair, Func<string, int> idOf)
    {
        JsonObject tokens = [];
        foreach (string token in single.Concat(pair).Where(i => !i.IsText).Select(i => i.Token).Distinct())
            tokens[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(idOf(token)), ["tokens"] = new JsonArray(token) };
        return new() { ["type"] = "TemplateProcessing", ["single"] = Items(single), ["pair"] = Items(pair), ["special_tokens"] = tokens };
    }

    private static JsonArray Items(IReadOnlyList<TemplateItem> items)
    {
        JsonArray array = [];
        foreach (TemplateItem item in items)
            array.Add((JsonNode)new JsonObject
            {
                [item.IsText ? "Sequence" : "SpecialToken"] = new JsonObject { ["id"] = item.Token, ["type_id"] = item.Segment },
            });
        return array;
    }
}

/// <summary>A token of a template, or one of its two texts, <c>A</c> and <c>B</c>.</summary>
/// <param name="Token">The token, or the text's letter.</param>
/// <param name="Segment">The segment.</param>
/// <param name="IsText">Whether it is a text.</param>
internal readonly record struct TemplateItem(string Token, int Segment, bool IsText = false);
