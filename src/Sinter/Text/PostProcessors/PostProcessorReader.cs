using Sinter.Text.Json;

namespace Sinter.Text.PostProcessors;

/// <summary>Reads <c>post_processor</c>.</summary>
internal static class PostProcessorReader
{
    private const int LargestTypeId = 255;

    /// <summary>Reads a post-processor; refuses what is not supported by its name.</summary>
    public static IPostProcessor Read(JsonNodeReader node) => node.OptionalString("type") switch
    {
        "ByteLevel" => new TrimOffsets(node.Bool("trim_offsets", missing: true), node.Bool("add_prefix_space", missing: true)),
        "TemplateProcessing" => ReadTemplate(node),
        "BertProcessing" => ReadBert(node),
        "RobertaProcessing" => ReadRoberta(node),
        "Sequence" => ReadSequence(node),
        var type => throw node.Unsupported("type", type ?? "null", "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence are"),
    };

    private static ProcessorSequence ReadSequence(JsonNodeReader node)
    {
        IPostProcessor[] steps = [.. node.Array("processors").Select(Read)];
        // After a template there are as many parts as items, so that a second one would not know the texts.
        if (steps.Count(s => s is not TrimOffsets) > 1) throw node.Unsupported("processors", "more than one that adds tokens", "one is");
        return new(steps);
    }

    private static TemplateProcessor ReadTemplate(JsonNodeReader node)
    {
        Dictionary<string, EncodedToken[]> tokens = [];
        foreach (JsonNodeReader token in node.Optional("special_tokens")?.Members() ?? [])
        {
            int[] ids = [.. token.Array("ids").Select(i => i.Int(0, TokenizerJsonReader.LargestVocabulary - 1))];
            string[] texts = [.. token.Array("tokens").Select(t => t.String())];
            if (ids.Length != texts.Length) throw token.Error($"{ids.Length} ids, but {texts.Length} tokens");
            tokens.Add(token.Name, [.. ids.Zip(texts, (id, text) => new EncodedToken(id, text, 0, 0, 0, IsSpecial: true))]);
        }
        return new(Items("single", 1), Items("pair", 2));

        List<TemplateItem> Items(string member, int texts) => [.. node.Array(member).Select(i => Item(i, texts, tokens))];
    }

    private static TemplateItem Item(JsonNodeReader item, int texts, Dictionary<string, EncodedToken[]> tokens)
    {
        if (item.Optional("Sequence") is { } sequence)
        {
            int text = sequence.OptionalString("id") switch { "A" => 0, "B" when texts > 1 => 1, _ => throw sequence.Error($"expected A{(texts > 1 ? " or B" : "")}") };
            return new(text, sequence.Optional("type_id")?.Int(0, LargestTypeId) ?? 0, []);
        }
        JsonNodeReader special = item.Object("SpecialToken");
        string id = special.OptionalString("id") ?? throw special.Error("'id' is missing");
        if (!tokens.TryGetValue(id, out EncodedToken[]? found)) throw special.Error($"\"{id}\" is not among special_tokens");
        return new(-1, special.Optional("type_id")?.Int(0, LargestTypeId) ?? 0, found);
    }

    private static TemplateProcessor ReadBert(JsonNodeReader node)
    {
        (EncodedToken cls, EncodedToken sep) = (Token(node, "cls"), Token(node, "sep"));
        TemplateItem[] single = [Special(0, cls), Text(0, 0), Special(0, sep)];
        return new(single, [.. single, Text(1, 1), Special(1, sep)]);
    }

    private static ProcessorSequence ReadRoberta(JsonNodeReader node)
    {
        (EncodedToken cls, EncodedToken sep) = (Token(node, "cls"), Token(node, "sep"));
        TemplateItem[] single = [Special(0, cls), Text(0, 0), Special(0, sep)];
        return new([new TrimOffsets(node.Bool("trim_offsets", missing: true), node.Bool("add_prefix_space", missing: true)),
            new TemplateProcessor(single, [.. single, Special(0, sep), Text(1, 0), Special(0, sep)])]);
    }

    private static TemplateItem Special(int typeId, EncodedToken token) => new(-1, typeId, [token]);

    private static TemplateItem Text(int text, int typeId) => new(text, typeId, []);

    /// <summary>A token is written <c>["[CLS]", 101]</c>.</summary>
    private static EncodedToken Token(JsonNodeReader node, string member)
    {
        JsonNodeReader[] pair = [.. node.Array(member)];
        if (pair.Length != 2) throw node.Error($"'{member}' must be a token and its id");
        return new(pair[1].Int(0, TokenizerJsonReader.LargestVocabulary - 1), pair[0].String(), 0, 0, 0, IsSpecial: true);
    }
}
