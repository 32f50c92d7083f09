using Sinter.Text.Json;
using Sinter.Text.Models;
using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;

namespace Sinter.Text.BytePair;

/// <summary>
/// Recognizes files of byte-level byte-pair encoding, for which <see cref="BytePairTokenizer"/> gives what the stages of the pipeline give one by one.
/// </summary>
internal static class BytePairModelReader
{
    /// <summary>Reads the model, or gives null if the file has anything that is not of this form.</summary>
    public static BytePairModel? Read(JsonNodeReader root, List<AddedToken> added, INormalizer? normalizer)
    {
        JsonNodeReader model = root.Object("model");
        if ((model.OptionalString("type") ?? "BPE") != "BPE" || root.Optional("decoder")?.OptionalString("type") != "ByteLevel") return null;
        if (root.Optional("pre_tokenizer") is not { } cuts || Pattern(cuts) is not { } pattern) return null;
        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.OptionalString(affix) is { Length: > 0 }) return null;
        if (model.Optional("dropout") is { } dropout && dropout.Number() != 0) return null;
        if (ReadVocabulary(model, added) is not { } vocabulary || ReadMerges(model, vocabulary) is not { } merges) return null;
        return new(vocabulary, new MergeTable(merges), added, pattern.Pattern, model.Bool("ignore_merges"), pattern.AddPrefixSpace, normalizer);
    }

    /// <summary>The pattern of a <c>ByteLevel</c>, or of a <c>Sequence</c> of a <c>Split</c> and a <c>ByteLevel</c> that cuts no more.</summary>
    private static (SplitPattern Pattern, bool AddPrefixSpace)? Pattern(JsonNodeReader node)
    {
        if (node.OptionalString("type") == "ByteLevel")
            return (node.Bool("use_regex", missing: true) ? SplitPattern.Gpt2 : SplitPattern.None, node.Bool("add_prefix_space", missing: true));
        if (node.OptionalString("type") != "Sequence") return null;
        JsonNodeReader[] parts = [.. node.Array("pretokenizers")];
        if (parts.Length == 1) return Pattern(parts[0]);
        if (parts.Length != 2 || parts[0].OptionalString("type") != "Split" || parts[1].OptionalString("type") != "ByteLevel") return null;
        // The known patterns cover every text, so that what is not matched is nothing.
        bool keepsMatches = (parts[0].OptionalString("behavior"), parts[0].Bool("invert")) is ("Isolated", _) or ("Removed", true);
        string? regex = parts[0].Object("pattern").OptionalString("Regex");
        return keepsMatches && regex is not null && WordSplitter.Known(regex) is { } known && Pattern(parts[1]) is (SplitPattern.None, false)
            ? (known, false) : null;
    }

    private static Dictionary<byte[], int>? ReadVocabulary(JsonNodeReader model, List<AddedToken> added)
    {
        Dictionary<string, int> addedIds = added.ToDictionary(t => t.Content, t => t.Id);
        HashSet<int> ids = [.. addedIds.Values];
        Dictionary<byte[], int> vocabulary = new(ByteStringComparer.Instance);
        foreach (JsonNodeReader token in model.Object("vocab").Members())
        {
            int id = token.Int(0, TokenizerJsonReader.LargestVocabulary - 1);
            if (addedIds.TryGetValue(token.Name, out int addedId))
            {
                if (addedId != id) throw token.Error($"the id is {id} here and {addedId} in added_tokens");
                continue;
            }
            if (ByteAlphabet.Decode(token.Name) is not { Length: > 0 } bytes) return null;
            if (!ids.Add(id)) throw token.Error($"another token has the id {id}");
            vocabulary.Add(bytes, id);
        }
        for (int b = 0; b < 256; b++)
            if (!vocabulary.ContainsKey([(byte)b])) return null;
        return vocabulary;
    }

    private static List<Merge>? ReadMerges(JsonNodeReader model, Dictionary<byte[], int> vocabulary)
    {
        List<Merge> merges = [];
        foreach (JsonNodeReader node in model.Array("merges"))
        {
            (string left, string right) = BpeModelReader.Parts(node);
            if (ByteAlphabet.Decode(left) is not { } leftBytes || ByteAlphabet.Decode(right) is not { } rightBytes) return null;
            merges.Add(new(Id(leftBytes, left), Id(rightBytes, right), Id([.. leftBytes, .. rightBytes], left + right)));

            int Id(byte[] bytes, string token) => vocabulary.TryGetValue(bytes, out int id) ? id :
                throw node.Error($"\"{token}\" is not in the vocabulary");
        }
        return merges;
    }
}
