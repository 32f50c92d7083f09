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
    /// <exception cref="CheckpointException">There is no model there, or it is damaged or not supported.</exception>
    public static ModelFolder Load(string path, Device device)
    {
        string folder = Resolve(path);
        using var files = HuggingFaceModel.Open(folder);
        var model = Architectures.BuildModel(files.Config, device, initialization: new ModelInitialization(Initializer.Zeros));
        LoadWeights(files, model);
        return new ModelFolder(folder, model, files.TokenizerPath is { } tokenizer ? Tokenizers.Read(tokenizer) : null);
    }

    /// <summary>Reads a folder's weights into a model of the same configuration.</summary>
    /// <exception cref="CheckpointException">The folder is damaged or holds another model.</exception>
    public static void LoadWeights(string folder, ITrainedModel model)
    {
        using var files = HuggingFaceModel.Open(folder);
        LoadWeights(files, model);
    }

    /// <summary>Writes a model and its tokenizer into an existing folder.</summary>
    /// <returns>Length and hash of each file, for a manifest.</returns>
    /// <exception cref="CheckpointException">A file can't be written.</exception>
    public static unsafe IReadOnlyDictionary<string, FileHash> Save(string folder, ITrainedModel model, ITokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        var weights = model.Parameters.Select(p => SafetensorsTensor.FromPointer(p.Name, DType.Float32, Extents(p.Value.Shape), p.Value.Pointer));
        // A null array would convert to an empty content, not to none.
        return HuggingFaceFolder.Write(folder, model.Config, weights, tokenizer is null ? (ReadOnlyMemory<byte>?)null : tokenizer.ToJson());
    }

    /// <summary>The folder of weights that a path means.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Resolve(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, HuggingFaceConfig.FileName))) return path;
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

    private static unsafe void LoadWeights(HuggingFaceModel files, ITrainedModel model)
    {
        var expected = model.Parameters.Select(p => new WeightSpec(p.Name, Extents(p.Value.Shape)));
        WeightCheck.Compare(files.Path, expected, files.Weights);
        foreach (var parameter in model.Parameters) files.CopyTo(parameter.Name, (float*)parameter.Value.Pointer);
    }
}
