using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sinter.Text.BytePair;
using Sinter.Text.Patterns;

namespace Sinter.Text.Json;

/// <summary>
/// Writes Hugging Face's <c>tokenizer.json</c>. Characters and bytes are byte-pair models without merges: characters with no pre-tokenizer at all and
/// a decoder that joins without spaces, bytes with the byte-level pre-tokenizer that does not cut.
/// </summary>
internal static class TokenizerJsonWriter
{
    /// <summary>The file of a byte-pair tokenizer.</summary>
    public static byte[] Write(BytePairModel model) => Write(model.AddedTokens, json => WritePreTokenizer(json, model.Pattern),
        json => WriteByteLevel(json, "decoder", useRegex: true), json => WriteModel(json, Vocabulary(model), Merges(model), model.IgnoreMerges));

    /// <summary>The file of <see cref="ByteTokenizer"/>.</summary>
    public static byte[] WriteBytes() => Write([], json => WriteByteLevel(json, "pre_tokenizer", useRegex: false),
        json => WriteByteLevel(json, "decoder", useRegex: false),
        json => WriteModel(json, Enumerable.Range(0, 256).Select(b => (ByteAlphabet.Encode([(byte)b]), b)), [], ignoreMerges: false));

    /// <summary>The file of <see cref="CharacterTokenizer"/>.</summary>
    public static byte[] WriteCharacters(IEnumerable<Rune> alphabet) => Write([], json => json.WriteNull("pre_tokenizer"), WriteFuse,
        json => WriteModel(json, alphabet.Select((rune, id) => (rune.ToString(), id)), [], ignoreMerges: false));

    private static byte[] Write(IReadOnlyList<AddedToken> added, Action<Utf8JsonWriter> preTokenizer, Action<Utf8JsonWriter> decoder,
        Action<Utf8JsonWriter> model)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (AddedToken token in added) WriteAdded(json, token);
        json.WriteEndArray();
        json.WriteNull("normalizer");
        preTokenizer(json);
        json.WriteNull("post_processor");
        decoder(json);
        model(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAdded(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", false);
        json.WriteBoolean("special", token.Special);
        json.WriteEndObject();
    }

    private static void WritePreTokenizer(Utf8JsonWriter json, SplitPattern pattern)
    {
        if (pattern is SplitPattern.Gpt2 or SplitPattern.None)
        {
            WriteByteLevel(json, "pre_tokenizer", useRegex: pattern == SplitPattern.Gpt2);
            return;
        }
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", WordSplitter.RegexOf(pattern));
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json, null, useRegex: false);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string? name, bool useRegex)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", useRegex);
        json.WriteEndObject();
    }

    private static void WriteFuse(Utf8JsonWriter json)
    {
        json.WriteStartObject("decoder");
        json.WriteString("type", "Fuse");
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, IEnumerable<(string Token, int Id)> vocabulary, IEnumerable<string> merges, bool ignoreMerges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string name in (ReadOnlySpan<string>)["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"])
            json.WriteNull(name);
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", ignoreMerges);
        json.WriteStartObject("vocab");
        foreach ((string token, int id) in vocabulary) json.WriteNumber(token, id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (string merge in merges) json.WriteStringValue(merge);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<(string Token, int Id)> Vocabulary(BytePairModel model) =>
        model.AddedTokens.Select(t => (t.Content, t.Id)).Concat(model.Vocabulary.Select(v => (ByteAlphabet.Encode(v.Key), v.Value)))
            .OrderBy(v => v.Item2);

    private static IEnumerable<string> Merges(BytePairModel model)
    {
        Dictionary<int, string> names = model.Vocabulary.ToDictionary(v => v.Value, v => ByteAlphabet.Encode(v.Key));
        return model.Merges.Merges.Select(m => $"{names[m.Left]} {names[m.Right]}");
    }
}
