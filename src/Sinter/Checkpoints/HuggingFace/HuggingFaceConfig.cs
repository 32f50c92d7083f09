using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>Reads and writes <c>config.json</c> as <c>transformers</c> 4 and 5 know it, for the architectures of <see cref="Architectures"/>.</summary>
/// <remarks>What Sinter would compute differently is refused by name, never ignored. One key is Sinter's own, <c>"sinter"</c>: in
/// it <c>"bias": false</c> marks a gpt2 model whose biases stand in the file as zeros only because <c>transformers</c> expects them;
/// <c>"embedding_dropout"</c>, <c>"residual_dropout"</c> and <c>"stochastic_depth"</c> keep what <c>transformers</c> has no key for.
/// Beside an adapter <c>"adapter_base"</c> is the way to its base.</remarks>
public static class HuggingFaceConfig
{
    private const string Base = "adapter_base";

    /// <summary>The name of the file in a model folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The name of the file with the defaults of generation.</summary>
    public const string GenerationFileName = "generation_config.json";

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file can't be read, lacks something, or asks for a computation that Sinter does not
    /// have.</exception>
    public static ModelConfig Read(string path)
    {
        using JsonDocument document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        string architecture = fields.Text("model_type");
        if (fields.Has("quantization_config"))
            throw fields.Wrong("quantization_config", "quantized weights are not supported. Use the model's float32, bfloat16 or float16 weights.");
        if (fields.Flag("add_cross_attention", false))
            throw fields.Wrong("add_cross_attention", "cross attention is not supported; false was expected.");
        var format = ModelFormats.Find(architecture)
            ?? throw fields.Wrong("model_type", $"the architecture {Quoted.Name(architecture)} is not supported; there are: {ModelFormats.Names}.");
        var config = HeadFormat.Read(fields, format.Read(fields));
        var ends = EndTokens(path, fields, config.VocabSize).ToList();
        return config with
        {
            EosTokenId = config.EosTokenId ?? (ends.Count > 0 ? ends[0] : null),
            OtherEosTokenIds = ends.Count > 1 ? new ValueList<int>(ends.Where(id => id != (config.EosTokenId ?? ends[0]))) : null,
        };
    }

    /// <summary>The way from an adapter's folder to its base, as <see cref="Write"/> wrote it; null where it did not.</summary>
    internal static string? BaseOf(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        using JsonDocument document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        return fields.Has(Base) ? fields.Text(Base) : null;
    }

    /// <summary>Writes a <c>config.json</c> that <c>transformers</c> 4 and 5 read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The model.</param>
    /// <param name="type">The element type of the weights beside it.</param>
    /// <param name="baseFolder">Of an adapter, the folder of its base: the way to it is written down.</param>
    /// <returns>The file's length and hash.</returns>
    /// <exception cref="CheckpointException">The file can't be written, or <c>transformers</c> has no such model.</exception>
    public static FileHash Write(string path, ModelConfig config, DType type = DType.Float32, string? baseFolder = null) => JsonFile.Write(path, json =>
    {
        ModelFormats.Of(config).Write(path, json, config);
        json.WriteBoolean("tie_word_embeddings", config.TieEmbeddings);
        json.WriteNumber("vocab_size", config.VocabSize);
        json.WriteFloat("initializer_range", config.InitializerRange);
        WriteTokens(json, config);
        HeadFormat.Write(json, config);
        if (baseFolder is not null) json.WriteString(Base, Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(path))!, baseFolder).Replace('\\', '/'));
        json.WriteString("torch_dtype", PyTorch.PyTorchTypes.Name(type));
        json.WriteBoolean("use_cache", true);
    });

    /// <summary>Writes a <c>generation_config.json</c>.</summary>
    /// <returns>The file's length and hash.</returns>
    /// <exception cref="CheckpointException">The file can't be written.</exception>
    public static FileHash WriteGeneration(string path, ModelConfig config) => JsonFile.Write(path, json =>
    {
        // With the mark transformers would take the ends from config.json, which has one.
        if (config.OtherEosTokenIds is null)
        {
            json.WriteBoolean("_from_model_config", true);
            WriteTokens(json, config);
            return;
        }
        WriteToken(json, "bos_token_id", config.BosTokenId);
        json.WriteStartArray("eos_token_id");
        foreach (int id in config.EndTokens) json.WriteNumberValue(id);
        json.WriteEndArray();
    });

    /// <summary>All tokens that end a text: models that answer end their turn with another than their texts, and name both in one of the files.</summary>
    private static IEnumerable<int> EndTokens(string path, JsonFields fields, int vocabulary)
    {
        var ids = fields.TokenIds("eos_token_id", vocabulary);
        string generation = Path.Combine(Path.GetDirectoryName(path) ?? "", GenerationFileName);
        if (File.Exists(generation))
        {
            using JsonDocument document = JsonFile.Read(generation);
            ids.AddRange(new JsonFields(generation, document.RootElement).TokenIds("eos_token_id", vocabulary));
        }
        return ids.Distinct();
    }

    // Written even when null: transformers would fill in the ids of the model that first had the architecture.
    private static void WriteTokens(Utf8JsonWriter json, ModelConfig config)
    {
        WriteToken(json, "bos_token_id", config.BosTokenId);
        WriteToken(json, "eos_token_id", config.EosTokenId);
    }

    private static void WriteToken(Utf8JsonWriter json, string name, int? id)
    {
        if (id is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
