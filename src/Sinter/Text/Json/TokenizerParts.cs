using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sinter.Text.Pipeline;
using Sinter.Text.VocabularyFiles;

namespace Sinter.Text.Json;

/// <summary>The parts of a <c>tokenizer.json</c> as Hugging Face's library writes them, for tokenizers that are put together here.</summary>
internal static class TokenizerParts
{
    /// <summary>The whole file.</summary>
    public static JsonObject File(JsonObject model, JsonArray addedTokens, JsonObject? normalizer, JsonObject? preTokenizer, JsonObject? postProcessor,
        JsonObject? decoder) => new()
    {
        ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = addedTokens, ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer, ["post_processor"] = postProcessor, ["decoder"] = decoder, ["model"] = model,
    };

    /// <summary>The content of a file.</summary>
    public static byte[] Bytes(JsonObject file)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" });
        file.WriteTo(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The stages of a file, for what is done before its model.</summary>
    public static TokenPipeline Stages(JsonObject file) => new TokenizerJsonReader("tokenizer.json").ReadPipeline(Bytes(file));

    /// <summary>Added tokens that control the model and are found in the text as they are; their ids are their numbers.</summary>
    public static JsonArray SpecialTokens(IReadOnlyList<string> tokens)
    {
        JsonArray array = [];
        foreach ((int id, string token) in tokens.Index()) array.Add((JsonNode)TokenSpec.Plain(token, special: true).ToJson(id));
        return array;
    }

    /// <summary>BERT's normalizer. <paramref name="stripAccents"/>: null strips them where letters are lowered.</summary>
    public static JsonObject BertNormalizer(bool lowercase, bool chineseCharacters = true, bool? stripAccents = null) => new()
    {
        ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = chineseCharacters, ["strip_accents"] = stripAccents,
        ["lowercase"] = lowercase,
    };

    /// <summary>BERT's cuts: at white space and around each punctuation sign.</summary>
    public static JsonObject BertPreTokenizer() => new() { ["type"] = "BertPreTokenizer" };

    /// <summary>Joins the tokens of a WordPiece model.</summary>
    public static JsonObject WordPieceDecoder(string prefix = "##") => new() { ["type"] = "WordPiece", ["prefix"] = prefix, ["cleanup"] = true };

    /// <summary>A WordPiece model.</summary>
    public static JsonObject WordPiece(JsonObject vocabulary, string unknown = "[UNK]", string prefix = "##") => new()
    {
        ["type"] = "WordPiece", ["unk_token"] = unknown, ["continuing_subword_prefix"] = prefix, ["max_input_chars_per_word"] = 100,
        ["vocab"] = vocabulary,
    };

    /// <summary>A byte-level byte-pair model.</summary>
    public static JsonObject BytePair(JsonObject vocabulary, JsonArray merges) => new()
    {
        ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = "", ["end_of_word_suffix"] = "",
        ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = false, ["vocab"] = vocabulary, ["merges"] = merges,
    };

    /// <summary>A unigram model; <paramref name="vocabulary"/> is a list of tokens and scores.</summary>
    public static JsonObject Unigram(JsonArray vocabulary, int unknown, bool byteFallback) => new()
    {
        ["type"] = "Unigram", ["unk_id"] = unknown, ["vocab"] = vocabulary, ["byte_fallback"] = byteFallback,
    };

    /// <summary>GPT-2's pre-tokenizer or decoder.</summary>
    public static JsonObject ByteLevel(bool addPrefixSpace) => new()
    {
        ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = true,
    };

    /// <summary>Cuts a text out wherever it stands.</summary>
    public static JsonObject Split(string text) => new()
    {
        ["type"] = "Split", ["pattern"] = new JsonObject { ["String"] = text }, ["behavior"] = "Isolated", ["invert"] = false,
    };

    /// <summary>Writes spaces as ▁ and cuts before each, as a pre-tokenizer.</summary>
    public static JsonObject Metaspace() => new() { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "never", ["split"] = true };

    /// <summary>Puts one text in the place of another.</summary>
    public static JsonObject Replace(string text, string content) => new()
    {
        ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = text }, ["content"] = content,
    };

    /// <summary>Parts of one kind, one after the other: <c>pretokenizers</c>, <c>decoders</c>.</summary>
    public static JsonObject Sequence(string kind, params ReadOnlySpan<JsonObject> parts)
    {
        JsonArray items = [];
        foreach (JsonObject part in parts) items.Add((JsonNode)part);
        return new() { ["type"] = "Sequence", [kind] = items };
    }

    /// <summary>RoBERTa's <c>&lt;s&gt; A &lt;/s&gt;</c>.</summary>
    public static JsonObject RobertaProcessing((string Token, int Id) separator, (string Token, int Id) start, bool trimOffsets, bool addPrefixSpace) =>
        new()
        {
            ["type"] = "RobertaProcessing", ["sep"] = new JsonArray(separator.Token, separator.Id), ["cls"] = new JsonArray(start.Token, start.Id),
            ["trim_offsets"] = trimOffsets, ["add_prefix_space"] = addPrefixSpace,
        };
}
