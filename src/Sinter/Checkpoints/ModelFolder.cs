using Sinter.Checkpoints.Adapters;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Layers.Adapters;
using Sinter.Layers.Initialization;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Text;

namespace Sinter.Checkpoints;

/// <summary>A model with its tokenizer, as it lies in a Hugging Face folder or in a run.</summary>
/// <param name="Path">The folder that holds the weights.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer; null where the folder has none.</param>
public sealed record ModelFolder(string Path, ITrainedModel Model, ITokenizer? Tokenizer)
{
    /// <summary>The folder of the base that an adapter was merged into; null where the folder is a whole model.</summary>
    public string? Base { get; init; }

    /// <summary>The model, where it is one that continues text.</summary>
    /// <exception cref="CheckpointException">It is a model of another kind.</exception>
    public CausalLanguageModel LanguageModel => Model as CausalLanguageModel
        ?? throw new CheckpointException($"{Path}: this is no language model that continues text, but a {Model.Config.Architecture} with the head {Model.Config.Head}. "
            + "Name a language model, or see sinter predict --help.");

    /// <summary>The model, where it is one that judges whole texts.</summary>
    /// <exception cref="CheckpointException">It is a model of another kind.</exception>
    public SequenceClassifier Classifier => Model as SequenceClassifier
        ?? throw new CheckpointException($"{Path}: this is no model that judges texts, but a {Model.Config.Architecture} with the head {Model.Config.Head}. "
            + "Name one that was trained for the task classify or regress, or see sinter generate --help.");

    /// <summary>Loads a model onto a device.</summary>
    /// <param name="path">A Hugging Face folder, a checkpoint, or a run: then its finished model, or its newest good checkpoint where there is none or it is older.</param>
    /// <param name="device">Where the weights go.</param>
    /// <param name="baseFolder">Where the base of an adapter is; null is where the adapter says.</param>
    /// <exception cref="CheckpointException">There is no model there, or it is damaged or not supported.</exception>
    public static ModelFolder Load(string path, Device device, string? baseFolder = null)
    {
        string folder = Resolve(path);
        if (AdapterFolder.IsAdapter(folder)) return LoadAdapter(folder, device, baseFolder);
        if (baseFolder is not null) throw new CheckpointException($"{folder}: this is a whole model, which has no base; leave --base out.");
        using var files = HuggingFaceModel.Open(folder);
        var model = Architectures.BuildModel(files.Config, device, initialization: ModelInitialization.None);
        LoadWeights(files, model);
        return new ModelFolder(folder, model, files.TokenizerPath is { } tokenizer ? Tokenizers.Read(tokenizer) : null);
    }

    /// <summary>The folder that has a file of a model: that of the model itself, or of the base where an adapter's lacks it.</summary>
    /// <exception cref="CheckpointException">The folder is an adapter's, and its base is not there.</exception>
    internal static string HomeOf(string folder, string file, string? baseFolder = null)
    {
        if (!AdapterFolder.IsAdapter(folder) || File.Exists(System.IO.Path.Combine(folder, file))) return folder;
        using var adapter = AdapterFolder.Open(folder, baseFolder);
        return HomeOf(Resolve(adapter.BaseFolder), file);
    }

    /// <summary>Reads a folder's weights into a model of the same configuration, or of one that differs as <paramref name="matching"/> allows; those of an adapter's folder
    /// merged with its base's. Adapters of the model itself stay as they are.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model; a weight that the folder lacks stays as it is.</param>
    /// <param name="matching">What may differ.</param>
    /// <returns>What differs.</returns>
    /// <exception cref="CheckpointException">The folder is damaged or holds another model.</exception>
    public static WeightDifferences LoadWeights(string folder, ITrainedModel model, WeightMatching matching = WeightMatching.Strict)
    {
        if (AdapterFolder.IsAdapter(folder))
        {
            using var device = new CpuDevice(1);
            return Copy(folder, Load(folder, device).Model, model, matching);
        }
        using var files = HuggingFaceModel.Open(folder, model.Config, matching);
        return LoadWeights(files, model, matching);
    }

    /// <summary>Reads what <see cref="Save"/> wrote of a model that is trained: all of its weights, or its adapters beside a base that it has already.</summary>
    /// <exception cref="CheckpointException">The folder is damaged or holds another model, or another adapter.</exception>
    public static void LoadTrained(string folder, ITrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        bool isAdapter = AdapterFolder.IsAdapter(folder);
        if (isAdapter != model.Parameters.Any(p => p.IsAdapter))
            throw new CheckpointException($"{folder}: this {(isAdapter ? "is an adapter, and the recipe trains the whole model" : "is a whole model, and the recipe trains an adapter")}. "
                + "Resume with the adapter that the run began with, or begin a new run.");
        if (!isAdapter)
        {
            LoadWeights(folder, model);
            return;
        }
        using var adapter = AdapterFolder.Open(folder);
        adapter.Load(model.Parameters);
    }

    /// <summary>Writes a model and its tokenizer into an existing folder. Where its adapters are not merged, they are written in place of the weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer; null leaves it out.</param>
    /// <param name="baseFolder">Where the base of the model's adapters is.</param>
    /// <param name="saving">Format, element type and shards of the weights; null is float32 in <c>model.safetensors</c>.</param>
    /// <returns>Length and hash of each file, for a manifest.</returns>
    /// <exception cref="CheckpointException">A file can't be written.</exception>
    public static unsafe IReadOnlyDictionary<string, FileHash> Save(string folder, ITrainedModel model, ITokenizer? tokenizer, string? baseFolder = null,
        WeightSaving? saving = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (LinearAdapter.Of(model.Parameters).Any(a => !a.IsMerged)) return SaveAdapter(folder, model, tokenizer, baseFolder);
        var weights = model.Parameters.Where(p => !p.IsAdapter).Select(p => SafetensorsTensor.FromPointer(p.Name, DType.Float32, Extents(p.Value.Shape), p.Value.Pointer));
        // A null array would convert to an empty content, not to none.
        return HuggingFaceFolder.Write(folder, model.Config, weights, tokenizer is null ? (ReadOnlyMemory<byte>?)null : tokenizer.ToJson(), saving,
            tokenizer?.SpecialTokens);
    }

    /// <summary>The folder of weights that a path means.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Resolve(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, HuggingFaceConfig.FileName)) || AdapterFolder.IsAdapter(path)) return path;
        if (!RunFolder.IsRun(path))
            throw new CheckpointException($"{path}: {(Directory.Exists(path) ? "this folder is neither a model (it has no config.json) nor a run" : "there is no such folder")}. "
                + "Name a run, a checkpoint or a Hugging Face model folder.");
        var run = RunFolder.Open(path);
        if (IsNewest(run)) return run.ModelPath;
        return run.NewestGood().Best?.Path ?? throw new CheckpointException($"{path}: this run has no checkpoint yet. Train it first, or wait until it has saved.");
    }

    /// <summary>Whether the run has a finished model that is not older than its checkpoints: a complete run can be trained longer.</summary>
    private static bool IsNewest(RunFolder run)
    {
        if (!File.Exists(System.IO.Path.Combine(run.ModelPath, HuggingFaceConfig.FileName))) return false;
        long newest = run.Checkpoints() is [.., var last] ? last.Step : 0;
        return !File.Exists(System.IO.Path.Combine(run.ModelPath, Manifest.FileName)) || Manifest.Read(run.ModelPath).Step >= newest;
    }

    internal static long[] Extents(Shape shape)
    {
        var extents = new long[shape.Rank];
        for (int i = 0; i < extents.Length; i++) extents[i] = shape[i];
        return extents;
    }

    private static ModelFolder LoadAdapter(string folder, Device device, string? baseFolder)
    {
        using var adapter = AdapterFolder.Open(folder, baseFolder);
        string home = Resolve(adapter.BaseFolder);
        var config = HuggingFaceConfig.Read(System.IO.Path.Combine(HomeOf(folder, HuggingFaceConfig.FileName, baseFolder), HuggingFaceConfig.FileName));
        var model = Architectures.BuildModel(config, device, initialization: new ModelInitialization(Initializer.Zeros), adapters: adapter.Plan);
        LoadWeights(home, model);
        adapter.Load(model.Parameters);
        AdapterMerge.Merge(model.Parameters);
        string tokenizer = System.IO.Path.Combine(HomeOf(folder, TokenizerFiles.FileName, baseFolder), TokenizerFiles.FileName);
        return new ModelFolder(folder, model, File.Exists(tokenizer) ? Tokenizers.Read(tokenizer) : null) { Base = home };
    }

    private static Dictionary<string, FileHash> SaveAdapter(string folder, ITrainedModel model, ITokenizer? tokenizer, string? baseFolder)
    {
        if (baseFolder is null) throw new CheckpointException($"{folder}: an adapter is written with the folder of its base model; merge it to write a whole model.");
        var files = new Dictionary<string, FileHash>(AdapterFolder.Write(folder, model.Parameters, baseFolder, TaskTypeOf(model.Config.Head)))
        {
            [HuggingFaceConfig.FileName] = HuggingFaceConfig.Write(System.IO.Path.Combine(folder, HuggingFaceConfig.FileName), model.Config, baseFolder: baseFolder),
        };
        if (tokenizer is null) return files;
        foreach (var (name, hash) in TokenizerFiles.Write(folder, tokenizer.ToJson(), model.Config, tokenizer.SpecialTokens)) files[name] = hash;
        return files;
    }

    private static string? TaskTypeOf(ModelHead head) => head switch
    {
        ModelHead.LanguageModel => "CAUSAL_LM",
        ModelHead.Classifier => "SEQ_CLS",
        _ => null,
    };

    private static WeightDifferences LoadWeights(HuggingFaceModel files, ITrainedModel model, WeightMatching matching = WeightMatching.Strict)
    {
        var own = model.Parameters.Where(p => !p.IsAdapter && !files.NewHead.Contains(p.Name)).ToList();
        var differences = WeightCheck.Compare(files.Path, own.Select(p => new WeightSpec(p.Name, Extents(p.Value.Shape))), files.Weights, matching);
        files.Load(own.ExceptBy(differences.NotLoaded, p => p.Name));
        return differences with { Extra = [.. differences.Extra, .. files.Differences.Extra] };
    }

    private static WeightDifferences Copy(string folder, ITrainedModel from, ITrainedModel to, WeightMatching matching)
    {
        var (have, want) = (from.Parameters.Where(p => !p.IsAdapter).ToDictionary(p => p.Name), to.Parameters.Where(p => !p.IsAdapter).ToList());
        var differences = WeightCheck.Compare(folder, want.Select(p => new WeightSpec(p.Name, Extents(p.Value.Shape))),
            have.Values.Select(p => new WeightSpec(p.Name, Extents(p.Value.Shape))), matching);
        foreach (var parameter in want.ExceptBy(differences.NotLoaded, p => p.Name)) have[parameter.Name].Value.Span.CopyTo(parameter.Value.Span);
        return differences;
    }
}
