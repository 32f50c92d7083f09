using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Weights;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>A model folder, open for reading: its configuration and its weights, which are known to fit.</summary>
public sealed class HuggingFaceModel : IDisposable
{
    private readonly WeightsFolder _files;
    private readonly Dictionary<string, (TensorFile File, TensorEntry Entry)> _weights = new(StringComparer.Ordinal);

    private HuggingFaceModel(WeightsFolder files, ModelConfig config) => (_files, Config) = (files, config);

    /// <summary>The folder.</summary>
    public string Path => _files.Path;

    /// <summary>The configuration. <see cref="ModelConfig.Bias"/> is true if any bias in the file is not zero, whatever the file's mark
    /// says.</summary>
    public ModelConfig Config { get; private set; }

    /// <summary>The weights to load: those of <see cref="ModelWeights.Plan"/>, without those that <see cref="Differences"/> says are not
    /// there.</summary>
    public IReadOnlyList<WeightSpec> Weights => [.. ModelWeights.Plan(Config).Where(w => _weights.ContainsKey(w.Name))];

    /// <summary>The weights of a head that the folder's model does not have, which begin anew.</summary>
    public IReadOnlySet<string> NewHead { get; private set; } = new HashSet<string>();

    /// <summary>How the weights differ from the configuration's: nothing, unless it was asked for.</summary>
    public WeightDifferences Differences { get; private set; } = WeightDifferences.None;

    /// <summary>What <see cref="Text.Tokenizers.Read(string)"/> takes: the path of the folder's <c>tokenizer.json</c>, or the folder where other files
    /// hold its tokenizer; null if it has none.</summary>
    public string? TokenizerPath => System.IO.Path.Combine(Path, TokenizerFiles.FileName) is var path && File.Exists(path) ? path
        : Text.Tokenizers.HasVocabulary(Path) ? Path : null;

    /// <summary>Opens a model folder and checks the weights' names and shapes against the configuration.</summary>
    /// <param name="folder">The folder; its weights are safetensors or PyTorch files, in shards or not.</param>
    /// <param name="wanted">The model that the weights are for: where it has another head, the folder's own head is left out, and what the folder has of the
    /// other one (a pooler) is taken. Null is the folder's model.</param>
    /// <param name="matching">What may differ.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, the architecture is not supported, or weights are missing, extra or
    /// misshaped and may not be.</exception>
    public static HuggingFaceModel Open(string folder, ModelConfig? wanted = null, WeightMatching matching = WeightMatching.Strict)
    {
        ModelConfig own = HuggingFaceConfig.Read(System.IO.Path.Combine(folder, HuggingFaceConfig.FileName)),
            config = wanted is null || (wanted.Head == own.Head && wanted.Labels?.Count == own.Labels?.Count) ? own
                : own with { Head = wanted.Head, Labels = wanted.Labels };
        var model = new HuggingFaceModel(WeightsFolder.Open(folder), config);
        try
        {
            model.MapNames();
            model.Match(config == own ? ModelWeights.PlanFile(config) : model.ChangeHead(own), matching);
            // Trained further elsewhere, the biases of a model without them may have become weights like others: losing them would be silent.
            if (ModelWeights.PlanFile(config).Any(w => w.AlwaysZero && !model.IsZero(w.Name)))
                model.Config = config with { Bias = true };
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Reads a weight as float32.</summary>
    /// <param name="name">A name from <see cref="Weights"/>.</param>
    /// <param name="destination">Room for all elements.</param>
    /// <exception cref="CheckpointException">The file can't be read, has become shorter, or holds a type that is not floating-point.</exception>
    public unsafe void CopyTo(string name, float* destination)
    {
        (TensorFile file, TensorEntry entry) = _weights[name];
        file.CopyTo(entry, destination, DType.Float32);
    }

    /// <summary>Reads weights as float32 into a model's parameters, several at a time. A parameter that the folder lacks stays as it is.</summary>
    /// <exception cref="CheckpointException">As <see cref="CopyTo"/>.</exception>
    public unsafe void Load(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        WeightLoading.Run(parameters.Where(p => _weights.ContainsKey(p.Name))
            .Select(p => new WeightLoad(_weights[p.Name].File, _weights[p.Name].Entry, (nint)p.Value.Pointer)));
    }

    /// <summary>Reads a weight as float32 into an array.</summary>
    /// <exception cref="CheckpointException">As <see cref="CopyTo"/>.</exception>
    public float[] Read(string name)
    {
        (TensorFile file, TensorEntry entry) = _weights[name];
        return file.ReadFloat32(entry);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _files.Dispose();

    /// <summary>Forgets the weights of the head that the folder's model has; those of the new head are needed where they are there.</summary>
    private List<WeightSpec> ChangeHead(ModelConfig own)
    {
        HashSet<string> backbone = [.. Architectures.PlanBackbone(Config).Select(w => w.Name)], old = [.. ModelWeights.PlanFile(own).Select(w => w.Name)];
        var needed = ModelWeights.PlanFile(Config);
        old.ExceptWith(needed.Select(w => w.Name));
        foreach (string name in old) _weights.Remove(name);
        foreach (var weight in needed)   // a head for other labels
            if (!backbone.Contains(weight.Name) && _weights.TryGetValue(weight.Name, out var found) && !weight.Shape.AsSpan().SequenceEqual([.. found.Entry.Shape]))
                _weights.Remove(weight.Name);
        NewHead = needed.Where(w => !backbone.Contains(w.Name) && !w.AlwaysZero && !_weights.ContainsKey(w.Name)).Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return [.. needed.Where(w => !NewHead.Contains(w.Name))];
    }

    private void Match(IReadOnlyList<WeightSpec> needed, WeightMatching matching)
    {
        Differences = WeightCheck.Compare(Path, needed, _weights.Select(w => new WeightSpec(w.Key, [.. w.Value.Entry.Shape])), matching);
        foreach ((WeightSpec misshaped, _) in Differences.Misshaped) _weights.Remove(misshaped.Name);
    }

    private void MapNames()
    {
        HashSet<string> expected = [.. ModelWeights.PlanFile(Config).Select(w => w.Name)];
        var format = ModelFormats.Of(Config);
        foreach ((string name, var found) in _files.Tensors)
        {
            string canonical = format.Canonical(name);
            if (!expected.Contains(canonical) && expected.Contains(format.Prefix + canonical)) canonical = format.Prefix + canonical;
            if (WeightNames.IsIgnored(Config, canonical))
                continue;
            if (!_weights.TryAdd(canonical, found))
                throw new CheckpointException($"{found.File.Path}: "
                    + $"both {Quoted.Name(name)} and {Quoted.Name(_weights[canonical].Entry.Name)} hold the weight "
                    + $"{canonical}. Keep one of them.");
        }
    }

    private bool IsZero(string name) => !_weights.ContainsKey(name) || !Read(name).AsSpan().ContainsAnyExcept(0f);
}
