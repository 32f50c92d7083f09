using Sinter.Text.BytePair;
using Sinter.Text.Json;

namespace Sinter.Text.Models;

/// <summary>Reads the <c>model</c> of type <c>BPE</c> of a <c>tokenizer.json</c>.</summary>
internal static class BpeModelReader
{
    /// <summary>Reads and checks <c>model</c>.</summary>
    public static BpeModel Read(JsonNodeReader model)
    {
        if (model.Optional("dropout") is { } dropout && dropout.Number() != 0) throw model.Unsupported("dropout", dropout.Raw, "null is");
        BpeSettings settings = new()
        {
            Unknown = model.OptionalString("unk_token"), Prefix = Affix(model, "continuing_subword_prefix"), Suffix = Affix(model, "end_of_word_suffix"),
            FuseUnknown = model.Bool("fuse_unk"), ByteFallback = model.Bool("byte_fallback"), IgnoreMerges = model.Bool("ignore_merges"),
        };
        Dictionary<string, int> vocabulary = ReadVocabulary(model);
        return new(vocabulary, new MergeTable(ReadMerges(model, vocabulary, settings.Prefix?.Length ?? 0)), settings);
    }

    /// <summary>A merge is "left right", or since version 0.20 of the library ["left", "right"].</summary>
    public static (string Left, string Right) Parts(JsonNodeReader node)
    {
        string[] parts = node.IsString ? node.String().Split(' ') : [.. node.Items().Select(i => i.String())];
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw node.Error($"expected two tokens, found {node.Raw}");
    }

    private static string? Affix(JsonNodeReader model, string member) => model.OptionalString(member) is { Length: > 0 } text ? text : null;

    private static Dictionary<string, int> ReadVocabulary(JsonNodeReader model)
    {
        Dictionary<string, int> vocabulary = [];
        HashSet<int> ids = [];
        foreach (JsonNodeReader token in model.Object("vocab").Members())
        {
            int id = token.Int(0, TokenizerJsonReader.LargestVocabulary - 1);
            if (!ids.Add(id)) throw token.Error($"another token has the id {id}");
            vocabulary.Add(token.Name, id);
        }
        return vocabulary;
    }

    private static List<Merge> ReadMerges(JsonNodeReader model, Dictionary<string, int> vocabulary, int prefix)
    {
        List<Merge> merges = [];
        foreach (JsonNodeReader node in model.Array("merges"))
        {
            if (node.IsString && node.String().StartsWith("#version", StringComparison.Ordinal)) continue;
            (string left, string right) = Parts(node);
            if (right.Length < prefix) throw node.Error($"\"{right}\" is shorter than continuing_subword_prefix");
            merges.Add(new(Id(left), Id(right), Id(left + right[prefix..])));

            int Id(string token) => vocabulary.TryGetValue(token, out int id) ? id : throw node.Error($"\"{token}\" is not in the vocabulary");
        }
        return merges;
    }
}
