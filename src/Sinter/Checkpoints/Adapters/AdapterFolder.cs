using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Layers;
using Sinter.Layers.Adapters;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Checkpoints.Adapters;

/// <summary>An adapter in PEFT's file format: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>, whose names are those of the model's parameters after
/// <c>base_model.model.</c>.</summary>
public sealed class AdapterFolder : IDisposable
{
    /// <summary>The name of the file of weights.</summary>
    public const string FileName = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";
    private readonly SafetensorsReader _file;
    private readonly string? _given;
    private readonly Dictionary<string, TensorEntry> _weights = new(StringComparer.Ordinal);

    private AdapterFolder(string path, AdapterConfig config, SafetensorsReader file, string? given) => (Path, Config, _file, _given) = (path, config, file, given);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Scale and kind.</summary>
    public AdapterConfig Config { get; }

    /// <summary>The weights there are, by the names of the model's parameters; those of a bare backbone lack the model's own first part.</summary>
    public IEnumerable<WeightSpec> Weights => _weights.Select(w => new WeightSpec(w.Key, [.. w.Value.Shape]));

    /// <summary>What to build the model with, so that it has the parameters of this adapter.</summary>
    public IAdapterPlan Plan => new AdapterFilePlan(this);

    /// <summary>The folder of the base model: the one given, or where the file says that it is, or where it lay as seen from the adapter's folder.</summary>
    /// <exception cref="CheckpointException">There is no such folder.</exception>
    public string BaseFolder => _given ?? Places().FirstOrDefault(Directory.Exists) ?? throw new CheckpointException(
        $"{System.IO.Path.Combine(Path, AdapterConfig.FileName)}: the base model of this adapter is not at {Quoted.Name(Config.BasePath)} (base_model_name_or_path). "
        + "Put it there, or name its folder: --base DIR. It must be the same model: an adapter is a change of that one alone.");

    // PEFT takes a path as seen from the current folder, or a name on the Hub, so what is written there is absolute. A run and its base that were moved together are
    // found by the way between them, which stands in config.json.
    private IEnumerable<string> Places()
    {
        if (Config.BasePath.Length > 0)
        {
            yield return System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, Config.BasePath));
            yield return Config.BasePath;
        }
        if (HuggingFaceConfig.BaseOf(Path) is { } way) yield return System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, way));
    }

    /// <summary>Whether a folder holds an adapter.</summary>
    public static bool IsAdapter(string folder) => File.Exists(System.IO.Path.Combine(folder, AdapterConfig.FileName));

    /// <summary>Opens an adapter.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="baseFolder">Where the base model is; null is where the adapter says.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or the adapter is of a kind that Sinter does not compute.</exception>
    public static AdapterFolder Open(string path, string? baseFolder = null)
    {
        var config = AdapterConfig.Read(System.IO.Path.Combine(path, AdapterConfig.FileName));
        var folder = new AdapterFolder(path, config, SafetensorsReader.Open(System.IO.Path.Combine(path, FileName)), baseFolder);
        try
        {
            foreach (var entry in folder._file.Entries)
                if (!folder._weights.TryAdd(Plain(entry.Name), entry))
                    throw new CheckpointException($"{folder._file.Path}: two tensors are {Quoted.Name(Plain(entry.Name))}. Save the adapter again.");
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes the adapters of a model, and what of its own parameters is trained beside them.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="basePath">The folder of the base model, to be named in the file.</param>
    /// <param name="taskType">PEFT's name of the task.</param>
    /// <returns>Length and hash of both files, for a manifest.</returns>
    /// <exception cref="CheckpointException">A file can't be written, or the model has no adapter.</exception>
    public static unsafe IReadOnlyDictionary<string, FileHash> Write(string folder, IReadOnlyList<Parameter> parameters, string basePath, string? taskType = "CAUSAL_LM")
    {
        List<LowRankAdapter> adapters = [.. LinearAdapter.Of(parameters).OfType<LowRankAdapter>()];
        if (adapters.Count == 0) throw new CheckpointException($"{folder}: the model has no adapter to write.");
        var own = parameters.Where(p => !p.IsAdapter && !p.IsFrozen).ToList();
        string[] paths = [.. adapters.Select(a => a.Layer.Path)];
        var config = new AdapterConfig
        {
            BasePath = basePath,
            TaskType = taskType,
            Spec = adapters[0].Spec,
            Targets = ShortNames(paths, parameters),
            Trained = [.. own.Select(p => p.Name[..p.Name.LastIndexOf('.')]).Distinct()],
            IsTurned = adapters[0].Layer.Layout == WeightLayout.InputsByOutputs,
        };
        var tensors = parameters.Where(p => !p.IsFrozen)
            .Select(p => SafetensorsTensor.FromPointer(Prefix + p.Name, DType.Float32, ModelFolder.Extents(p.Value.Shape), p.Value.Pointer));
        return new Dictionary<string, FileHash>
        {
            [AdapterConfig.FileName] = config.Write(System.IO.Path.Combine(folder, AdapterConfig.FileName)),
            [FileName] = SafetensorsWriter.Write(System.IO.Path.Combine(folder, FileName), tensors),
        };
    }

    /// <summary>Reads the weights into a model that was built with <see cref="Plan"/>, or with options that give the same parameters.</summary>
    /// <exception cref="CheckpointException">The model's parameters are not those of the adapter; they are listed.</exception>
    public unsafe void Load(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var trained = parameters.Where(p => !p.IsFrozen).ToList();
        var names = trained.ToDictionary(p => p.Name, p => Find(p.Name) ?? p.Name);
        WeightCheck.Compare(_file.Path, trained.Select(p => new WeightSpec(names[p.Name], ModelFolder.Extents(p.Value.Shape))), Weights);
        foreach (var parameter in trained) _file.CopyTo(_weights[names[parameter.Name]], parameter.Value.Pointer, DType.Float32);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The name under which a parameter of the model stands in the file; null where it does not.</summary>
    internal string? Find(string parameter)
    {
        if (_weights.ContainsKey(parameter)) return parameter;
        string bare = parameter[(parameter.IndexOf('.') + 1)..];
        return _weights.ContainsKey(bare) ? bare : null;
    }

    internal TensorEntry Entry(string name) => _weights[name];

    /// <summary>The parameter's name, without what PEFT's versions put into it.</summary>
    private static string Plain(string name) => (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name)
        .Replace(".modules_to_save", "", StringComparison.Ordinal).Replace(".default", "", StringComparison.Ordinal)
        .Replace("lora_magnitude_vector.weight", "lora_magnitude_vector", StringComparison.Ordinal);

    /// <summary>The last part of the paths where all layers with it are changed, else the whole path.</summary>
    private static IReadOnlyList<string> ShortNames(string[] paths, IReadOnlyList<Parameter> parameters)
    {
        static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];
        var all = parameters.Where(p => p is { IsAdapter: false, IsMatrix: true }).Select(p => p.Name[..p.Name.LastIndexOf('.')]).ToLookup(Last);
        var changed = paths.ToLookup(Last);
        return [.. paths.Select(p => all[Last(p)].Count() == changed[Last(p)].Count() ? Last(p) : p).Distinct()];
    }
}
