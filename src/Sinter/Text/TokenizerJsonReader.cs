using System.Text;
using System.Text.Json;

namespace Sinter.Text;

/// <summary>
/// Reads a <c>tokenizer.json</c> and trusts nothing in it: every id, merge and setting is checked, and a setting that would give other ids than
/// Hugging Face's library gives is refused by its name.
/// </summary>
internal sealed class TokenizerJsonReader(string name)
{
    /// <summary>The most ids of a vocabulary.</summary>
    public const int LargestVocabulary = 1 << 22;

    /// <summary>Reads the file's content.</summary>
    public ITokenizer Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) json = json[3..];
            using JsonDocument document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            return ReadRoot(new JsonNodeReader(name, "", document.RootElement), json);
        }
        // GetString throws InvalidOperationException for text that is no UTF-8 or has an unpaired surrogate.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{name}: it is not the JSON of a tokenizer: {e.Message}", e);
        }
    }

    private static ITokenizer ReadRoot(JsonNodeReader root, ReadOnlyMemory<byte> json)
    {
        JsonNodeReader model = root.Object("model");
        string type = model.OptionalString("type") ?? "BPE";
        if (type != "BPE") throw model.Unsupported("type", type, "byte-level BPE is");
        if (root.Optional("normalizer") is { } normalizer)
            throw root.Unsupported("normalizer", normalizer.OptionalString("type") ?? "?", "only null is");
        RefuseModelSettings(model);
        List<AddedToken> added = AddedTokensReader.Read(root);
        JsonNodeReader? preTokenizer = root.Optional("pre_tokenizer");
        string? decoder = root.Optional("decoder")?.OptionalString("type");
        if (preTokenizer is null && decoder == "Fuse" && added.Count == 0) return ReadCharacters(model);
        if (preTokenizer is null) throw root.Unsupported("pre_tokenizer", "null", "ByteLevel is");
        SplitPattern pattern = PreTokenizerReader.Read(preTokenizer);
        if (decoder != "ByteLevel") throw root.Unsupported("decoder", decoder ?? "null", "ByteLevel is");
        BytePairModel result = BytePairModelReader.Read(model, added, pattern);
        return IsBytes(result) ? ByteTokenizer.Instance : new BytePairTokenizer(result, json.ToArray());
    }

    private static void RefuseModelSettings(JsonNodeReader model)
    {
        if (model.Optional("dropout") is { } dropout && dropout.Number() != 0) throw model.Unsupported("dropout", dropout.Raw, "null is");
        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.OptionalString(affix) is { Length: > 0 } text) throw model.Unsupported(affix, $"\"{text}\"", "null is");
    }

    private static bool IsBytes(BytePairModel model) => model.Pattern == SplitPattern.None && model.Size == 256 && model.AddedTokens.Count == 0
        && model.Merges.Merges.Count == 0 && model.Vocabulary.All(v => v.Key.Length == 1 && v.Key[0] == v.Value);

    private static CharacterTokenizer ReadCharacters(JsonNodeReader model)
    {
        if (model.Array("merges").Any()) throw model.Unsupported("merges", "of characters", "an empty list is, or a ByteLevel pre_tokenizer");
        SortedDictionary<int, Rune> alphabet = [];
        foreach (JsonNodeReader token in model.Object("vocab").Members())
        {
            bool single = Rune.DecodeFromUtf16(token.Name, out Rune rune, out int used) == System.Buffers.OperationStatus.Done
                && used == token.Name.Length;
            if (!single) throw token.Error("each token of a vocabulary of characters is one character");
            if (!alphabet.TryAdd(token.Int(0, 0x10FFFF), rune)) throw token.Error("another token has the same id");
        }
        if (alphabet.Count == 0) throw model.Error("the vocabulary is empty");
        if (alphabet.Keys.Last() != alphabet.Count - 1)
            throw model.Error($"the {alphabet.Count} characters must have the ids 0 to {alphabet.Count - 1}");
        return new([.. alphabet.Values]);
    }
}
