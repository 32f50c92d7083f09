using System.Text.Json;
using System.Text.RegularExpressions;
using Sinter.Checkpoints.Files;
using Sinter.Layers.Adapters;

namespace Sinter.Checkpoints.Adapters;

/// <summary>What an <c>adapter_config.json</c> of PEFT says of a LoRA adapter. Which layers it changes stands in the weights' names.</summary>
public sealed record AdapterConfig
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>The model that the adapter changes (<c>base_model_name_or_path</c>): a folder, or a name that only its author can resolve.</summary>
    public required string BasePath { get; init; }

    /// <summary>PEFT's name of the task: <c>CAUSAL_LM</c>, <c>SEQ_CLS</c>; null is none.</summary>
    public string? TaskType { get; init; }

    /// <summary>Rank, α and the rest, of layers that the patterns leave out.</summary>
    public required LowRankSpec Spec { get; init; }

    /// <summary>α of the modules whose path ends with the key (<c>alpha_pattern</c>).</summary>
    public IReadOnlyDictionary<string, double> Alphas { get; init; } = new Dictionary<string, double>();

    /// <summary>The ends of the changed layers' paths (<c>target_modules</c>), to write.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The modules of the model that are trained as a whole (<c>modules_to_save</c>), to write.</summary>
    public IReadOnlyList<string> Trained { get; init; } = [];

    /// <summary>Whether the changed weights lie as [inputs, outputs] (<c>fan_in_fan_out</c>), to write; a reader knows from the model.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Reads the file. Keys that change nothing here are passed over, whatever PEFT's version; what asks for another computation is refused by name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It can't be read, lacks something, or is not LoRA as Sinter computes it.</exception>
    public static AdapterConfig Read(string path)
    {
        using var document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        if (fields.Text("peft_type") is var type && type != "LORA") throw fields.Wrong("peft_type", $"{Quoted.Name(type)} is not supported; LORA is.");
        RefuseUnusual(fields, document.RootElement);
        return new AdapterConfig
        {
            BasePath = fields.Text("base_model_name_or_path", ""),
            TaskType = fields.Has("task_type") ? fields.Text("task_type") : null,
            Spec = new LowRankSpec(fields.Count("r", missing: 8, most: 1 << 16), fields.NotNegative("lora_alpha", 8))
            {
                IsRankStabilized = fields.Flag("use_rslora", false),
                HasMagnitude = fields.Flag("use_dora", false),
                Dropout = fields.Probability("lora_dropout", 0),
            },
            Alphas = fields.Object("alpha_pattern") is { } alphas ? alphas.All().ToDictionary(a => a.Key, a => alphas.NotNegative(a.Key, 0)) : new Dictionary<string, double>(),
        };
    }

    /// <summary>Writes the file as PEFT reads it.</summary>
    /// <returns>The file's length and hash.</returns>
    /// <exception cref="CheckpointException">The file can't be written.</exception>
    public FileHash Write(string path) => JsonFile.Write(path, json =>
    {
        json.WriteString("peft_type", "LORA");
        if (TaskType is { } task) json.WriteString("task_type", task);
        else json.WriteNull("task_type");
        json.WriteString("base_model_name_or_path", BasePath);
        json.WriteNumber("r", Spec.Rank);
        json.WriteFloat("lora_alpha", Spec.Alpha);
        json.WriteFloat("lora_dropout", Spec.Dropout);
        WriteTexts(json, "target_modules", Targets);
        if (Trained.Count > 0) WriteTexts(json, "modules_to_save", Trained);
        else json.WriteNull("modules_to_save");
        json.WriteBoolean("fan_in_fan_out", IsTurned);
        json.WriteBoolean("use_rslora", Spec.IsRankStabilized);
        json.WriteBoolean("use_dora", Spec.HasMagnitude);
        json.WriteString("bias", "none");
        json.WriteBoolean("init_lora_weights", true);
        json.WriteBoolean("inference_mode", true);
    });

    /// <summary>The numbers of a module's adapter, whose rank its weights tell.</summary>
    internal LowRankSpec Of(string path, int rank)
    {
        foreach (var (key, alpha) in Alphas)
            if (Matches(key, path)) return Spec with { Rank = rank, Alpha = alpha };
        return Spec with { Rank = rank };
    }

    /// <summary>As PEFT matches its patterns: the key is a regular expression for the end of the path.</summary>
    private static bool Matches(string key, string path)
    {
        if (path == key || path.EndsWith("." + key, StringComparison.Ordinal)) return true;
        if (key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')) return false;
        try
        {
            return Regex.IsMatch(path, $@"^(.*\.)?({key})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new CheckpointException($"{FileName}: 'alpha_pattern': {Quoted.Name(key)} is not a pattern that can be read: {error.Message}", error);
        }
    }

    private static void RefuseUnusual(JsonFields fields, JsonElement root)
    {
        foreach (string key in (string[])["lora_bias", "use_qalora"])
            if (fields.Flag(key, false)) throw fields.Wrong(key, "it is not supported; false was expected.");
        foreach (string key in (string[])["layer_replication", "target_parameters", "trainable_token_indices", "megatron_config", "alora_invocation_tokens", "arrow_config"])
            if (fields.Has(key) && !IsEmpty(root.GetProperty(key))) throw fields.Wrong(key, "it is not supported; null was expected.");
        // These change the base's own weights as they begin: without that, the adapter means another model.
        if (fields.Has("init_lora_weights") && root.GetProperty("init_lora_weights") is { ValueKind: JsonValueKind.String } init && init.GetString() is not ("gaussian" or "eva"))
            throw fields.Wrong("init_lora_weights", $"{Quoted.Name(init.GetString()!)} begins from a changed base, which the adapter does not hold. "
                + "In PEFT, save it with path_initial_model_for_weight_conversion, which makes it a plain LoRA adapter.");
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
