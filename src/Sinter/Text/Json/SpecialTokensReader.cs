using System.Text.Json;
using Sinter.Text.BytePair;

namespace Sinter.Text.Json;

/// <summary>Finds out which tokens mean something to a model: from the files beside <c>tokenizer.json</c>, or by the names that are usual.</summary>
internal static class SpecialTokensReader
{
    private static readonly string[] EndNames = [BytePairTokenizer.EndOfText, "<|end_of_text|>", "</s>", "<eos>"];

    private static readonly string[] Files = ["tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>The tokens by their usual names.</summary>
    public static SpecialTokens Guess(IReadOnlyList<AddedToken> added)
    {
        int? eos = First(EndNames);
        // GPT-2 has one token, at the end of a text and at the beginning of the next.
        int? bos = added.Count == 1 ? eos : First("<|begin_of_text|>", "<s>", "<bos>"), mask = First("[MASK]", "<mask>");
        // RoBERTa's beginning and end of a text are what BERT calls by other names.
        int? start = First("[CLS]") ?? (mask is null ? null : bos), separator = First("[SEP]") ?? (mask is null ? null : eos);
        return new(bos, eos, First("<pad>", "[PAD]", "<|pad|>"), First("<unk>", "[UNK]"), start, separator, mask);

        int? First(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                if (added.FirstOrDefault(t => t.Content == name) is { } token) return token.Id;
            return null;
        }
    }

    /// <summary>The tokens that the files of a folder name; null if it has none of them.</summary>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    public static SpecialTokens? Read(string folder, ITokenizer tokenizer)
    {
        Dictionary<string, string> names = [];
        bool found = false;
        foreach (string file in Files.Select(f => Path.Combine(folder, f)).Where(File.Exists))
        {
            found = true;
            ReadNames(file, names);
        }
        return !found ? null : new(Id("bos_token"), Id("eos_token"), Id("pad_token"), Id("unk_token"), Id("cls_token"), Id("sep_token"), Id("mask_token"));

        int? Id(string key) => names.TryGetValue(key, out string? token) ? tokenizer.IdOf(token) : null;
    }

    /// <summary>A token is its text, or an object with its <c>content</c>. The first file that has it counts.</summary>
    private static void ReadNames(string file, Dictionary<string, string> names)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonNodeReader root = new(file, "", json.RootElement);
            foreach (string key in (ReadOnlySpan<string>)["bos_token", "eos_token", "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"])
            {
                if (root.Optional(key) is { } token && (token.IsString ? token.String() : token.OptionalString("content")) is { } text)
                    names.TryAdd(key, text);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{file}: it is not the JSON of a tokenizer's settings: {e.Message}", e);
        }
    }
}
