using Sinter.Models;

namespace Sinter.Cli.Bench;

/// <summary>A model and a batch that steps are timed with.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Description">What it is known from.</param>
/// <param name="Config">The model.</param>
/// <param name="Batch">Sequences in a step.</param>
/// <param name="Steps">The least steps to time.</param>
internal sealed record BenchShape(string Name, string Description, ModelConfig Config, int Batch, int Steps)
{
    /// <summary>All shapes.</summary>
    public static IReadOnlyList<BenchShape> All { get; } =
    [
        Of("char", "nanoGPT's recipe for a CPU", layers: 4, heads: 4, width: 128, context: 64, vocabulary: 65, batch: 12, steps: 60),
        Of("baby", "nanoGPT's character-level model", layers: 6, heads: 6, width: 384, context: 256, vocabulary: 65, batch: 16, steps: 6),
        Of("gpt2-short", "GPT-2 124M, short sequences", layers: 12, heads: 12, width: 768, context: 64, vocabulary: 50304, batch: 4, steps: 8),
        Of("gpt2-long", "GPT-2 124M, its whole context", layers: 12, heads: 12, width: 768, context: 1024, vocabulary: 50304, batch: 1, steps: 4),
        new("qwen2", "Qwen2 0.5B", Qwen2, Batch: 1, Steps: 3),
    ];

    /// <summary>Tokens in a step.</summary>
    public int Tokens => Batch * Config.ContextLength;

    /// <summary>The shape of a name, or null.</summary>
    public static BenchShape? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <summary>The shape with another batch or context, where they are given.</summary>
    /// <param name="batch">Sequences in a step.</param>
    /// <param name="context">Tokens of a sequence.</param>
    public BenchShape With(int? batch, int? context) => this with { Batch = batch ?? Batch, Config = Config with { ContextLength = context ?? Config.ContextLength } };

    private static ModelConfig Qwen2 => new()
    {
        Architecture = "qwen2",
        VocabSize = 151936,
        NumLayers = 24,
        NumHeads = 14,
        NumKvHeads = 2,
        HiddenSize = 896,
        HeadSize = 64,
        IntermediateSize = 4864,
        ContextLength = 256,
        Bias = true,
        TieEmbeddings = true,
        NormEpsilon = 1e-6,
        RopeTheta = 1e6,
    };

    private static BenchShape Of(string name, string description, int layers, int heads, int width, int context, int vocabulary, int batch, int steps) =>
        new(name, description, new ModelConfig
        {
            Architecture = "gpt2",
            VocabSize = vocabulary,
            NumLayers = layers,
            NumHeads = heads,
            NumKvHeads = heads,
            HiddenSize = width,
            HeadSize = width / heads,
            IntermediateSize = 4 * width,
            ContextLength = context,
            Bias = true,
            TieEmbeddings = true,
        }, batch, steps);
}
