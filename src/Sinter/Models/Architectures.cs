using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>The architectures by name: a builder and the habits of its options.</summary>
public static class Architectures
{
    private sealed record Architecture(Func<ModelConfig, ParameterSet, ModelParts> Build, bool Bias, bool TieEmbeddings, double NormEpsilon, Func<int, int> IntermediateSize);

    private static readonly Dictionary<string, Architecture> s_all = new()
    {
        ["gpt2"] = new(Gpt2.Build, Bias: true, TieEmbeddings: true, NormEpsilon: 1e-5, hidden => 4 * hidden),
        ["llama"] = new(Llama.Build, Bias: false, TieEmbeddings: false, NormEpsilon: 1e-6, hidden => (8 * hidden / 3 + 31) / 32 * 32),
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>Builds a model with initial weights, a function of <paramref name="seed"/>.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    public static CausalLanguageModel Build(ModelConfig config, Device device, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        var parameters = new ParameterSet(device, seed);
        return new CausalLanguageModel(config, parameters, Find(config.Architecture).Build(config, parameters));
    }

    /// <summary>The whole config of a model to train from scratch.</summary>
    /// <exception cref="SinterException">An unknown architecture.</exception>
    public static ModelConfig Configure(ModelOptions options, int vocabSize, int? endOfTextId)
    {
        ArgumentNullException.ThrowIfNull(options);
        var habits = Find(options.Architecture);
        return new ModelConfig
        {
            Architecture = options.Architecture,
            VocabSize = vocabSize,
            NumLayers = options.NumLayers,
            NumHeads = options.NumHeads,
            NumKvHeads = options.NumKvHeads ?? options.NumHeads,
            HiddenSize = options.HiddenSize,
            HeadSize = options.HiddenSize / options.NumHeads,
            IntermediateSize = options.IntermediateSize ?? habits.IntermediateSize(options.HiddenSize),
            ContextLength = options.ContextLength,
            Dropout = options.Dropout,
            Bias = options.Bias ?? habits.Bias,
            TieEmbeddings = options.TieEmbeddings ?? habits.TieEmbeddings,
            NormEpsilon = habits.NormEpsilon,
            BosTokenId = endOfTextId,
            EosTokenId = endOfTextId,
        };
    }

    private static Architecture Find(string name) => s_all.TryGetValue(name, out var found) ? found
        : throw new SinterException($"The architecture '{name}' is not known; there are: {string.Join(", ", s_all.Keys)}.");
}
