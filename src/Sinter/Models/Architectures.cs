using Sinter.Layers;
using Sinter.Layers.Adapters;
using Sinter.Layers.Initialization;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>The architectures by name: a builder and the habits of its options.</summary>
public static class Architectures
{
    private const double DefaultStd = 0.02;

    private static readonly Dictionary<string, Architecture> s_all = new Architecture[]
    {
        new Gpt2(), new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Gemma2(), new Phi3(), new Bert(), new Roberta(), new DistilBert(),
    }.ToDictionary(a => a.Name);

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>The names of those whose positions see both sides.</summary>
    public static IEnumerable<string> Encoders => s_all.Values.Where(a => !a.IsCausal).Select(a => a.Name);

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="SinterException">It is not known.</exception>
    public static Architecture Find(string name) => s_all.TryGetValue(name, out var found) ? found
        : throw new SinterException($"The architecture '{name}' is not known; there are: {string.Join(", ", s_all.Keys)}.");

    /// <summary>The parameters of a model in the order of its files, without memory for any of them.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    public static IReadOnlyList<ParameterSpec> Plan(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Plan(parameters => BuildModel(config, parameters));
    }

    /// <summary>Builds a model with initial weights, a function of <paramref name="seed"/>, and the head that its config names.</summary>
    /// <param name="config">The model.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="initialization">How they begin; null is the architecture's habit with the config's own spread.</param>
    /// <param name="adapters">Which linear layers get an adapter; null is none.</param>
    /// <exception cref="SinterException">An unknown architecture, or an initialization or adapters that do not fit the model.</exception>
    public static ITrainedModel BuildModel(ModelConfig config, Device device, ulong seed = 0, ModelInitialization? initialization = null, IAdapterPlan? adapters = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        initialization ??= new ModelInitialization(Find(config.Architecture).Initializer(config.InitializerRange));
        var parameters = new ParameterSet(device, seed, initialization, adapters);
        var model = BuildModel(config, parameters);
        initialization.CheckMatches(model.Parameters);
        parameters.CheckAdapters();
        return model;
    }

    /// <summary>The parameters of a model without its head.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    internal static IReadOnlyList<ParameterSpec> PlanBackbone(ModelConfig config) => Plan(parameters => Find(config.Architecture).Build(config, parameters));

    private static IReadOnlyList<ParameterSpec> Plan(Action<ParameterSet> build)
    {
        using var device = CpuDevice.Rehearsal(1);
        var parameters = ParameterSet.Plan(device);
        build(parameters);
        return parameters.Specs;
    }

    /// <summary>Builds a language model.</summary>
    /// <inheritdoc cref="BuildModel(ModelConfig, Device, ulong, ModelInitialization?, IAdapterPlan?)"/>
    public static CausalLanguageModel Build(ModelConfig config, Device device, ulong seed = 0, ModelInitialization? initialization = null, IAdapterPlan? adapters = null) =>
        (CausalLanguageModel)BuildModel(config, device, seed, initialization, adapters);

    private static ITrainedModel BuildModel(ModelConfig config, ParameterSet parameters)
    {
        var architecture = Find(config.Architecture);
        var parts = architecture.Build(config, parameters);
        return config.Head switch
        {
            ModelHead.Classifier => new SequenceClassifier(config, parameters, parts, architecture),
            ModelHead.MaskedLanguageModel => new MaskedLanguageModel(config, parameters, parts, architecture),
            _ when !architecture.IsCausal => throw new SinterException($"A {config.Architecture} sees the tokens after each one too, so it can't be trained to "
                + "predict them. Train it for another task, such as classify, or choose another architecture."),
            _ => new CausalLanguageModel(config, parameters, parts),
        };
    }

    /// <summary>How a model to train from scratch begins.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    public static ModelInitialization Initialization(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ModelInitialization(options.Initializer ?? Find(options.Architecture).Initializer(DefaultStd), options.Initializers);
    }

    /// <summary>The whole config of a model to train from scratch.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    public static ModelConfig Configure(ModelOptions options, int vocabSize, int? endOfTextId)
    {
        ArgumentNullException.ThrowIfNull(options);
        var habits = Find(options.Architecture);
        return habits.Configure(new ModelConfig
        {
            Architecture = options.Architecture,
            VocabSize = vocabSize,
            NumLayers = options.NumLayers,
            NumHeads = options.NumHeads,
            NumKvHeads = options.NumKvHeads ?? options.NumHeads,
            HiddenSize = options.HiddenSize,
            HeadSize = options.HeadSize ?? options.HiddenSize / options.NumHeads,
            IntermediateSize = options.IntermediateSize ?? habits.IntermediateSize(options.HiddenSize),
            ContextLength = options.ContextLength,
            EmbeddingDropout = options.EmbeddingDropout ?? options.Dropout ?? 0,
            AttentionDropout = options.AttentionDropout ?? options.Dropout ?? 0,
            ResidualDropout = options.ResidualDropout ?? options.Dropout ?? 0,
            StochasticDepth = options.StochasticDepth,
            Bias = options.Bias ?? habits.Bias,
            TieEmbeddings = options.TieEmbeddings ?? habits.TieEmbeddings,
            NormEpsilon = habits.NormEpsilon,
            RopeTheta = options.RopeTheta ?? 10_000,
            SlidingWindow = options.SlidingWindow ?? habits.SlidingWindow ?? 0,
            InitializerRange = options.Initializer switch
            {
                Gpt2Initializer given => given.Std,
                NormalInitializer given => given.Std,
                _ => DefaultStd,
            },
            BosTokenId = endOfTextId,
            EosTokenId = endOfTextId,
        });
    }
}
