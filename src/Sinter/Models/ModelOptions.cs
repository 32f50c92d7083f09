using Sinter.Layers.Initialization;
using Sinter.Options;

namespace Sinter.Models;

/// <summary>The model: the shape of a new one, or a pretrained one to start from.</summary>
public sealed class ModelOptions
{
    private const int DefaultContextLength = 64;

    /// <summary>The keys of <c>model</c> in recipes.</summary>
    public static OptionsSchema<ModelOptions> Schema { get; } = OptionsSchema.Create<ModelOptions>(static b =>
    {
        b.OptionalText("pretrained", "A Hugging Face model folder or a run to start from; its config, weights and tokenizer are taken. Null begins a new model.",
            o => o.Pretrained, (o, v) => o.Pretrained = v, Path.GetFullPath);
        b.Choice("weights", "What may differ between a pretrained model's config and its files: strict is nothing; what is missing keeps its initial values, what is more "
            + "is not read, and a weight of another shape (allow_any) counts as missing.", o => o.Weights, (o, v) => o.Weights = v, [.. WeightMatchings.Names]);
        b.Choice("architecture", "The family of the model.", o => o.Architecture, (o, v) => o.Architecture = v, [.. Architectures.Names]);
        b.Integer("num_layers", "The number of Transformer blocks.", o => o.NumLayers, (o, v) => o.NumLayers = v, 1, 4096);
        b.Integer("num_heads", "The number of query heads; divides hidden_size unless head_size is given.", o => o.NumHeads, (o, v) => o.NumHeads = v, 1, 4096);
        b.OptionalInteger("num_kv_heads", "The number of key and value heads (not gpt2); divides num_heads. Null is as many as query heads.",
            o => o.NumKvHeads, (o, v) => o.NumKvHeads = v, 1, 4096);
        b.OptionalInteger("head_size", "The width of a head (not gpt2); null is hidden_size / num_heads.",
            o => o.HeadSize, (o, v) => o.HeadSize = v, 1, 1 << 16);
        b.Integer("hidden_size", "The width of the residual stream.", o => o.HiddenSize, (o, v) => o.HiddenSize = v, 1, 1 << 20);
        b.OptionalInteger("intermediate_size",
            "The width of the feed-forward layer; null is 4 x hidden (gpt2), or 8/3 x hidden rounded up to a multiple of 32 (all others).",
            o => o.IntermediateSize, (o, v) => o.IntermediateSize = v, 1, 1 << 22);
        b.OptionalInteger("context_length", "The longest sequence, in tokens; null is 64, or what a pretrained model has.", o => o.GivenContextLength,
            (o, v) => o.GivenContextLength = v, 1, 1 << 24);
        b.OptionalInteger("sliding_window",
            "The most positions that a query sees (not gpt2, llama), in gemma2 in every second layer; 0 is all, null the architecture's habit "
                + "(mistral, gemma2: 4096).",
            o => o.SlidingWindow, (o, v) => o.SlidingWindow = v, 0, 1 << 24);
        b.OptionalNumber("rope_theta", "The base of the rotary angles (not gpt2); null is 10,000.",
            o => o.RopeTheta, (o, v) => o.RopeTheta = v, NumberRange.Positive);
        b.OptionalNumber("dropout", "The probability of dropping an element of embeddings, attention and residuals; null is 0, or what a pretrained model has.",
            o => o.Dropout, (o, v) => o.Dropout = v, NumberRange.BelowOne);
        b.OptionalNumber("embedding_dropout", "The probability of dropping an element of the embeddings; null is dropout.", o => o.EmbeddingDropout,
            (o, v) => o.EmbeddingDropout = v, NumberRange.BelowOne);
        b.OptionalNumber("attention_dropout", "The probability of dropping an attention weight; null is dropout.", o => o.AttentionDropout,
            (o, v) => o.AttentionDropout = v, NumberRange.BelowOne);
        b.OptionalNumber("residual_dropout", "The probability of dropping an element of what attention and feed-forward add; null is dropout.",
            o => o.ResidualDropout, (o, v) => o.ResidualDropout = v, NumberRange.BelowOne);
        b.Number("stochastic_depth", "The probability of dropping the last block for a sequence; it rises linearly over the blocks.",
            o => o.StochasticDepth, (o, v) => o.StochasticDepth = v, NumberRange.BelowOne);
        b.OptionalBoolean("bias", "Whether linear and norm layers have biases; null is the architecture's habit "
                + "(gpt2 all, qwen2 those of queries, keys and values, others none).",
            o => o.Bias, (o, v) => o.Bias = v);
        b.OptionalBoolean("tie_embeddings",
            "Whether the output head shares the token embedding; null is the architecture's habit (gpt2 and gemma2 yes, others no).",
            o => o.TieEmbeddings, (o, v) => o.TieEmbeddings = v);
        b.OptionalStrategy("initializer", "How matrices begin; null is the architecture's habit (gpt2: gpt2, others: normal).",
            o => o.Initializer, (o, v) => o.Initializer = v, InitializerRegistry.All);
        b.Sections("initializers", "How parameters begin that are chosen by name; the first that matches decides.", o => o.Initializers,
            (o, v) => o.Initializers = v, () => InitializerRule.Schema);
        b.Rule(["pretrained"], ShapeBesidePretrained);
        b.Rule(["weights"], static o => o.Pretrained is null && o.Weights != WeightMatching.Strict.Name() ? "it is about pretrained weights; name them (pretrained), or remove the key" : null);
        b.Rule(["num_heads", "hidden_size"], HeadsDivideWidth);
        b.Rule(["num_kv_heads", "architecture"], static o => o.NumKvHeads is not null && !Architectures.Find(o.Architecture).HasGroupedHeads
            ? $"{o.Architecture} has no grouped heads; remove the key, or use architecture: llama" : null);
        b.Rule(["num_kv_heads", "num_heads"], static o => o.NumKvHeads is { } kv && o.NumHeads % kv != 0
            ? $"{kv} does not divide num_heads ({o.NumHeads})" : null);
        b.Rule(["num_heads", "hidden_size", "architecture"], static o =>
            Architectures.Find(o.Architecture).IsRotary && o.HeadSize is null && o.HiddenSize % o.NumHeads == 0 && o.HiddenSize / o.NumHeads % 2 != 0
            ? $"heads of size {o.HiddenSize / o.NumHeads} (hidden_size {o.HiddenSize} / {o.NumHeads}) can't be rotated; "
                + "rotary positions need an even size"
            : null);
        b.Rule(["head_size", "architecture"], static o => o.HeadSize is not { } size ? null
            : !Architectures.Find(o.Architecture).IsRotary ? $"the heads of {o.Architecture} are hidden_size / num_heads wide; remove the key"
            : size % 2 != 0 ? $"heads of size {size} can't be rotated; rotary positions need an even size" : null);
        b.Rule(["sliding_window", "architecture"], static o => o.SlidingWindow > 0 && Architectures.Find(o.Architecture).SlidingWindow is null
            ? $"{o.Architecture} has no window; remove the key, or use architecture: mistral" : null);
        b.Rule(["bias", "architecture"], static o =>
            o.Bias is { } bias && Architectures.Find(o.Architecture) is { HasOptionalBias: false } family && bias != family.Bias
            ? $"{o.Architecture} always has {(family.Bias ? "biases of queries, keys and values" : "no biases")}; remove the key, or use "
                + "architecture: llama"
            : null);
    });

    /// <summary>A Hugging Face model folder or a run to start from; null begins a new model.</summary>
    public string? Pretrained { get; set; }

    /// <summary>What may differ between a pretrained model's config and its files: one of <see cref="WeightMatchings.Names"/>.</summary>
    public string Weights { get; set; } = WeightMatchings.Names[0];

    /// <summary>One of <see cref="Architectures.Names"/>.</summary>
    public string Architecture { get; set; } = "gpt2";

    /// <summary>The number of Transformer blocks.</summary>
    public int NumLayers { get; set; } = 4;

    /// <summary>The number of query heads.</summary>
    public int NumHeads { get; set; } = 4;

    /// <summary>The number of key and value heads (not gpt2); null is as many as query heads.</summary>
    public int? NumKvHeads { get; set; }

    /// <summary>The width of a head (not gpt2); null is hidden ÷ heads.</summary>
    public int? HeadSize { get; set; }

    /// <summary>The width of the residual stream.</summary>
    public int HiddenSize { get; set; } = 128;

    /// <summary>The width of the feed-forward layer; null is 4 × hidden (gpt2) or 8/3 × hidden rounded up to a multiple of 32 (all others).</summary>
    public int? IntermediateSize { get; set; }

    /// <summary>The longest sequence, in tokens.</summary>
    public int ContextLength { get => GivenContextLength ?? DefaultContextLength; set => GivenContextLength = value; }

    /// <summary>The longest sequence, where the options say it.</summary>
    internal int? GivenContextLength { get; set; }

    /// <summary>The most positions that a query sees (not gpt2, llama); 0 is all, null the architecture's habit.</summary>
    public int? SlidingWindow { get; set; }

    /// <summary>The base of the rotary angles (not gpt2); null is 10,000.</summary>
    public double? RopeTheta { get; set; }

    /// <summary>The probability of dropping an element of embeddings, attention and residuals, in [0, 1); null is 0, or what a pretrained model
    /// has.</summary>
    public double? Dropout { get; set; }

    /// <summary>The probability of dropping an element of the embeddings; null is <see cref="Dropout"/>.</summary>
    public double? EmbeddingDropout { get; set; }

    /// <summary>The probability of dropping an attention weight; null is <see cref="Dropout"/>.</summary>
    public double? AttentionDropout { get; set; }

    /// <summary>The probability of dropping an element of what attention and feed-forward add to the residual stream; null is
    /// <see cref="Dropout"/>.</summary>
    public double? ResidualDropout { get; set; }

    /// <summary>The probability of dropping the branches of the last block for a whole sequence (Huang et al., 2016); block l of L has l ÷ L of
    /// it. In [0, 1).</summary>
    public double StochasticDepth { get; set; }

    /// <summary>Whether linear and norm layers have biases; null is the architecture's habit (gpt2 all, qwen2 those of queries, keys and values, others none).</summary>
    public bool? Bias { get; set; }

    /// <summary>Whether the output head shares the token embedding; null is the architecture's habit (gpt2 and gemma2 yes, others no).</summary>
    public bool? TieEmbeddings { get; set; }

    /// <summary>How matrices begin; null is the architecture's habit: <c>gpt2</c> for gpt2, <c>normal</c> for the others, with 0.02. Biases begin as zeros
    /// and the weights of norms as ones.</summary>
    public Initializer? Initializer { get; set; }

    /// <summary>How parameters begin that are chosen by name; the first that matches decides.</summary>
    public IReadOnlyList<InitializerRule> Initializers { get; set; } = [];

    private static string? HeadsDivideWidth(ModelOptions o)
    {
        if (o.HiddenSize % o.NumHeads == 0 || o.HeadSize is not null) return null;
        int below = o.HiddenSize / o.NumHeads * o.NumHeads;
        return $"{o.NumHeads} heads do not divide hidden_size ({o.HiddenSize}); the nearest hidden_size "
            + (below > 0 ? $"is {below} or {below + o.NumHeads}" : $"is {o.NumHeads}");
    }

    private static string? ShapeBesidePretrained(ModelOptions o)
    {
        if (o.Pretrained is null) return null;
        var none = new ModelOptions();
        var given = new List<string>();
        if (o.Architecture != none.Architecture) given.Add("architecture");
        if (o.NumLayers != none.NumLayers) given.Add("num_layers");
        if (o.NumHeads != none.NumHeads) given.Add("num_heads");
        if (o.NumKvHeads is not null) given.Add("num_kv_heads");
        if (o.HiddenSize != none.HiddenSize) given.Add("hidden_size");
        if (o.IntermediateSize is not null) given.Add("intermediate_size");
        if (o.Bias is not null) given.Add("bias");
        if (o.TieEmbeddings is not null) given.Add("tie_embeddings");
        if (o.Initializer is not null) given.Add("initializer");
        return given.Count == 0 ? null : $"the pretrained model decides {string.Join(", ", given)}; remove {(given.Count == 1 ? "the key" : "these keys")}";
    }
}
