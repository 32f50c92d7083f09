using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Weights;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Text;

namespace Sinter.Checkpoints;

/// <summary>Where a run's model comes from: the shape of a new one, or the folder of a pretrained one.</summary>
public sealed class ModelSource
{
    private readonly ModelOptions _options;
    private readonly ModelConfig? _pretrained;

    private ModelSource(ModelOptions options, AdapterOptions? adapter, string? folder)
    {
        (_options, Adapters) = (options, adapter?.Plan());
        if (folder is null) return;
        Folder = folder;
        _pretrained = HuggingFaceConfig.Read(Path.Combine(ModelFolder.HomeOf(folder, HuggingFaceConfig.FileName), HuggingFaceConfig.FileName));
        Tokenizer = Tokenizers.Read(ModelFolder.HomeOf(folder, TokenizerFiles.FileName));
        if (options.GivenContextLength > _pretrained.ContextLength)
            throw new RecipeException($"model.context_length: {options.GivenContextLength} is more than the {_pretrained.ContextLength} positions of {folder}; give as many or fewer.");
        if (Tokenizer.VocabSize > _pretrained.VocabSize)
            throw new CheckpointException($"{folder}: the tokenizer has {Tokenizer.VocabSize} ids and the model {_pretrained.VocabSize}. They are not of one model.");
    }

    /// <summary>The folder of the pretrained weights; null for a new model.</summary>
    public string? Folder { get; }

    /// <summary>The adapters that are trained in place of the model; null trains the model.</summary>
    public IAdapterPlan? Adapters { get; }

    /// <summary>The pretrained model's tokenizer; null for a new model.</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>How the pretrained weights differ from the model that was built: what the options allow. Worth a warning where there are any.</summary>
    public WeightDifferences Differences { get; private set; } = WeightDifferences.None;

    /// <summary>What the pretrained model says about chats; null for a new model.</summary>
    public ChatFiles? Chat => Folder is null ? null : ChatFiles.Read(Folder);

    /// <summary>Whether positions see only those before them.</summary>
    public bool IsCausal => Architectures.Find(_pretrained?.Architecture ?? _options.Architecture).IsCausal;

    /// <summary>The longest sequence that the run uses.</summary>
    public int ContextLength => _options.GivenContextLength ?? _pretrained?.ContextLength ?? _options.ContextLength;

    /// <summary>The source that options name; of a pretrained model, config and tokenizer are read.</summary>
    /// <exception cref="CheckpointException">There is no model in the folder, or it is damaged or not supported.</exception>
    /// <exception cref="RecipeException">The options do not fit the pretrained model.</exception>
    public static ModelSource Of(ModelOptions options, AdapterOptions? adapter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ModelSource(options, adapter, options.Pretrained is { } path ? ModelFolder.Resolve(path) : null);
    }

    /// <summary>The whole config. Positions that learned embeddings have beyond <see cref="ContextLength"/> stay in the model.</summary>
    /// <param name="tokenizer">The run's tokenizer.</param>
    public ModelConfig Configure(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (_pretrained is null) return Architectures.Configure(_options, tokenizer.VocabSize, tokenizer.EndOfTextId);
        return _pretrained with
        {
            EmbeddingDropout = _options.EmbeddingDropout ?? _options.Dropout ?? _pretrained.EmbeddingDropout,
            AttentionDropout = _options.AttentionDropout ?? _options.Dropout ?? _pretrained.AttentionDropout,
            ResidualDropout = _options.ResidualDropout ?? _options.Dropout ?? _pretrained.ResidualDropout,
            StochasticDepth = _options.StochasticDepth,
        };
    }

    /// <summary>Builds the model that <see cref="Configure"/> gave, or a task made of it, with its first weights.</summary>
    /// <param name="config">The model.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Decides initial weights.</param>
    /// <exception cref="CheckpointException">The pretrained weights can't be read, or are of another model.</exception>
    public ITrainedModel Build(ModelConfig config, Device device, ulong seed)
    {
        if (Folder is null) return Architectures.BuildModel(config, device, seed, Architectures.Initialization(_options));
        var model = Architectures.BuildModel(config, device, seed, adapters: Adapters);
        Differences = ModelFolder.LoadWeights(Folder, model, WeightMatchings.Parse(_options.Weights) ?? WeightMatching.Strict);
        foreach (var adapter in LinearAdapter.Of(model.Parameters)) adapter.Begin();
        return model;
    }
}
