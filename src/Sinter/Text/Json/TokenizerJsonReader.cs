using System.Text;
using System.Text.Json;
using Sinter.Text.BytePair;
using Sinter.Text.Decoders;
using Sinter.Text.Models;
using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;
using Sinter.Text.Pipeline;
using Sinter.Text.PostProcessors;
using Sinter.Text.PreTokenizers;

namespace Sinter.Text.Json;

/// <summary>
/// Reads a <c>tokenizer.json</c> and trusts nothing in it: every id, merge and setting is checked, and a setting that would give other ids than
/// Hugging Face's library gives is refused by its name.
/// </summary>
internal sealed class TokenizerJsonReader(string name)
{
    /// <summary>The most ids of a vocabulary.</summary>
    public const int LargestVocabulary = 1 << 22;

    /// <summary>Reads the file's content.</summary>
    public ITokenizer Read(ReadOnlyMemory<byte> json) => Parse(json, root => ReadTokenizer(root, json));

    /// <summary>Reads the file's content as stages, whatever tokenizer it is.</summary>
    public TokenPipeline ReadPipeline(ReadOnlyMemory<byte> json) => Parse(json, root => ReadStages(root).With(ReadModel(root.Object("model"))));

    private T Parse<T>(ReadOnlyMemory<byte> json, Func<JsonNodeReader, T> read)
    {
        try
        {
            ReadOnlyMemory<byte> content = json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json[3..] : json;
            using JsonDocument document = JsonDocument.Parse(content, new() { AllowDuplicateProperties = false });
            return read(new JsonNodeReader(name, "", document.RootElement));
        }
        // GetString throws InvalidOperationException for text that is no UTF-8 or has an unpaired surrogate.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{name}: it is not the JSON of a tokenizer: {e.Message}", e);
        }
    }

    private static ITokenizer ReadTokenizer(JsonNodeReader root, ReadOnlyMemory<byte> json)
    {
        JsonNodeReader model = root.Object("model");
        if (IsCharacters(root, model)) return ReadCharacters(model);
        TokenPipeline stages = ReadStages(root);
        if (BytePairModelReader.Read(root, [.. stages.Added.Tokens], stages.Added.Normalizer) is { } bytePair)
            return IsBytes(bytePair) ? ByteTokenizer.Instance : new BytePairTokenizer(bytePair, json.ToArray());
        TokenPipeline pipeline = stages.With(ReadModel(model));
        CheckIds(model, pipeline);
        return new PipelineTokenizer(TypeOf(model).ToLowerInvariant(), pipeline, json.ToArray(), SpecialTokensReader.Guess(pipeline.Added.Tokens));
    }

    /// <summary>All but the model.</summary>
    private static TokenPipeline ReadStages(JsonNodeReader root)
    {
        if (root.OptionalString("version") is { } version && version != "1.0") throw root.Unsupported("version", version, "1.0 is");
        INormalizer? normalizer = root.Optional("normalizer") is { } n ? NormalizerReader.Read(n) : null;
        IPreTokenizer? preTokenizer = root.Optional("pre_tokenizer") is { } p ? PreTokenizerReader.Read(p) : null;
        IPostProcessor? postProcessor = root.Optional("post_processor") is { } o ? PostProcessorReader.Read(o) : null;
        ITokenDecoder? decoder = root.Optional("decoder") is { } d ? DecoderReader.Read(d) : null;
        Truncation? truncation = root.Optional("truncation") is { } t ? Truncation.Read(t) : null;
        Padding? padding = root.Optional("padding") is { } f ? Padding.Read(f) : null;
        AddedVocabulary added = new(AddedTokensReader.Read(root), normalizer);
        return new(added, preTokenizer, EmptyModel.Instance, postProcessor, decoder, truncation, padding);
    }

    private static string TypeOf(JsonNodeReader model) => model.OptionalString("type") ?? "BPE";

    private static ITokenModel ReadModel(JsonNodeReader model) => TypeOf(model) switch
    {
        "BPE" => BpeModelReader.Read(model),
        "WordPiece" => WordPieceModelReader.Read(model),
        "Unigram" => UnigramModelReader.Read(model),
        var type => throw model.Unsupported("type", type, "BPE, WordPiece and Unigram are"),
    };

    private static void CheckIds(JsonNodeReader model, TokenPipeline pipeline)
    {
        foreach (AddedToken token in pipeline.Added.Tokens)
        {
            if (pipeline.Model.TryGetId(token.Content, out int id) ? id != token.Id : pipeline.Model.TokenOf(token.Id).Length > 0)
                throw model.Error($"the added token \"{token.Content}\" has the id {token.Id}, which is not its own in the vocabulary");
        }
    }

    private static bool IsBytes(BytePairModel model) => model.Pattern == SplitPattern.None && model.Size == 256 && model.AddedTokens.Count == 0
        && model is { Normalizer: null, AddPrefixSpace: false } && model.Merges.Merges.Count == 0
        && model.Vocabulary.All(v => v.Key.Length == 1 && v.Key[0] == v.Value);

    private static bool IsCharacters(JsonNodeReader root, JsonNodeReader model) => TypeOf(model) == "BPE" && root.Optional("pre_tokenizer") is null
        && root.Optional("normalizer") is null && root.Optional("decoder")?.OptionalString("type") == "Fuse" && !root.Array("added_tokens").Any()
        && !model.Array("merges").Any();

    private static CharacterTokenizer ReadCharacters(JsonNodeReader model)
    {
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
