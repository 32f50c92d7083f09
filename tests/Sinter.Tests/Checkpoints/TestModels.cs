using System.Runtime.InteropServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

/// <summary>Small models with values that are all different.</summary>
internal static class TestModels
{
    public static ModelConfig Gpt2 { get; } = new()
    {
        Architecture = "gpt2", VocabSize = 11, NumLayers = 2, NumHeads = 2, NumKvHeads = 2, HiddenSize = 8, HeadSize = 4, IntermediateSize = 20,
        ContextLength = 6, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1, Bias = false, TieEmbeddings = true, EosTokenId = 10,
    };

    public static ModelConfig Llama { get; } = new()
    {
        Architecture = "llama", VocabSize = 11, NumLayers = 2, NumHeads = 4, NumKvHeads = 2, HiddenSize = 8, HeadSize = 6, IntermediateSize = 20,
        ContextLength = 6, RopeTheta = 12_345.5, NormEpsilon = 1e-5, EosTokenId = 10,
    };

    /// <summary>The weights of a model, each element drawn from a generator that its place seeds.</summary>
    public static List<SafetensorsTensor> Weights(ModelConfig config) =>
        [.. ModelWeights.Plan(config).Select((w, i) => SafetensorsTensor.FromMemory(w.Name, DType.Float32, w.Shape, Bytes(Values(w, i))))];

    public static float[] Values(WeightSpec weight, int seed)
    {
        var random = new Random(seed);
        var values = new float[weight.Elements];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() - 0.5) * 0.4);
        return values;
    }

    public static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
