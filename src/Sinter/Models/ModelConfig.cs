using Sinter.Layers;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>Everything that decides a model's computation, as a Hugging Face <c>config.json</c> states it.</summary>
public sealed record ModelConfig
{
    /// <summary>One of <see cref="Architectures.Names"/> (<c>model_type</c> in config.json).</summary>
    public required string Architecture { get; init; }
    /// <summary>What it makes of its hidden states (<c>architectures</c> in config.json).</summary>
    public ModelHead Head { get; init; }
    /// <summary>The labels of a classifier by their ids (<c>id2label</c>), or the values that it predicts; null for other heads.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
    /// <summary>What a classifier predicts (<c>problem_type</c>).</summary>
    public ProblemKind Problem { get; init; }
    /// <summary>The least probability of a label that counts as predicted, where each is yes or no (<c>label_threshold</c>, a key of Sinter's own); null is ½.</summary>
    public double? LabelThreshold { get; init; }
    /// <summary>Probability of dropping an element of what an encoder's classifier reads (<c>classifier_dropout</c>, <c>seq_classif_dropout</c>); null is the
    /// family's habit.</summary>
    public double? ClassifierDropout { get; init; }
    /// <summary>The function in the feed-forward layers of gpt2 and of encoders (<c>activation_function</c>, <c>hidden_act</c>).</summary>
    public Activation Activation { get; init; }
    /// <summary>Rows of an encoder's table of types of text (<c>type_vocab_size</c>).</summary>
    public int TypeVocabSize { get; init; }
    /// <summary>The token of padding, if any.</summary>
    public int? PadTokenId { get; init; }
    /// <summary>Rows of the token embedding.</summary>
    public required int VocabSize { get; init; }
    /// <summary>Transformer blocks.</summary>
    public required int NumLayers { get; init; }
    /// <summary>Query heads.</summary>
    public required int NumHeads { get; init; }
    /// <summary>Key and value heads; divides <see cref="NumHeads"/>.</summary>
    public required int NumKvHeads { get; init; }
    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }
    /// <summary>Width of one head; not always <see cref="HiddenSize"/> ÷ <see cref="NumHeads"/>.</summary>
    public required int HeadSize { get; init; }
    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }
    /// <summary>The longest sequence (<c>n_positions</c>, <c>max_position_embeddings</c>).</summary>
    public required int ContextLength { get; init; }
    /// <summary>Probability of dropping an element of the embeddings (<c>embd_pdrop</c>).</summary>
    public double EmbeddingDropout { get; init; }
    /// <summary>Probability of dropping an attention weight (<c>attn_pdrop</c>, <c>attention_dropout</c>).</summary>
    public double AttentionDropout { get; init; }
    /// <summary>Probability of dropping an element of what a branch adds to the residual stream (<c>resid_pdrop</c>).</summary>
    public double ResidualDropout { get; init; }
    /// <summary>Probability of dropping the branches of the last block for a whole sequence; see <see cref="Layers.BranchDropout"/>.</summary>
    public double StochasticDepth { get; init; }
    /// <summary>Whether linear and norm layers have biases (gpt2), or the attention's projections (llama's <c>attention_bias</c>).</summary>
    public bool Bias { get; init; }
    /// <summary>Whether llama's feed-forward projections have biases (<c>mlp_bias</c>); null is as <see cref="Bias"/>.</summary>
    public bool? MlpBias { get; init; }
    /// <summary>Whether the head shares the token embedding (<c>tie_word_embeddings</c>).</summary>
    public bool TieEmbeddings { get; init; }
    /// <summary>Added to the variance in norms (<c>layer_norm_epsilon</c>, <c>rms_norm_eps</c>).</summary>
    public double NormEpsilon { get; init; } = 1e-5;
    /// <summary>Base of the rotary angles (<c>rope_theta</c>).</summary>
    public double RopeTheta { get; init; } = 10_000;
    /// <summary>How rotary angles are changed for long texts (<c>rope_scaling</c>, <c>rope_parameters</c>); null is not.</summary>
    public RotaryScaling? RopeScaling { get; init; }
    /// <summary>The part of each head that turns (<c>partial_rotary_factor</c>).</summary>
    public double RotaryFraction { get; init; } = 1;
    /// <summary>The most positions that a query sees in the layers of <see cref="WindowLayers"/> (<c>sliding_window</c>); 0 is all.</summary>
    public int SlidingWindow { get; init; }
    /// <summary>Which layers see no further than the window (<c>layer_types</c>); null is all.</summary>
    public ValueList<bool>? WindowLayers { get; init; }
    /// <summary>Soft cap of the attention's scores (<c>attn_logit_softcapping</c>); 0 is none.</summary>
    public double AttentionSoftCap { get; init; }
    /// <summary>Soft cap of the logits (<c>final_logit_softcapping</c>); 0 is none.</summary>
    public double LogitSoftCap { get; init; }
    /// <summary>Scores are divided by the root of this (<c>query_pre_attn_scalar</c>); 0 is the head size.</summary>
    public double QueryScalar { get; init; }
    /// <summary>Standard deviation of the initial weights (<c>initializer_range</c>).</summary>
    public double InitializerRange { get; init; } = 0.02;
    /// <summary>Token that begins a text, if any.</summary>
    public int? BosTokenId { get; init; }
    /// <summary>Token that ends a text, if any.</summary>
    public int? EosTokenId { get; init; }
    /// <summary>Further tokens that end a text, as the end of an answer's turn; null is none.</summary>
    public ValueList<int>? OtherEosTokenIds { get; init; }

    /// <summary>All tokens that end a text.</summary>
    public IEnumerable<int> EndTokens => (EosTokenId is { } end ? [end] : Enumerable.Empty<int>()).Concat(OtherEosTokenIds ?? Enumerable.Empty<int>());

    /// <summary>The longest text that the model reads: the context, or more where a scaling reaches further.</summary>
    public int LongestText => (int)(RopeScaling?.Reach(ContextLength) ?? ContextLength);

    /// <summary>Whether a text that grows to <paramref name="after"/> positions is turned by other angles than its first <paramref name="before"/>,
    /// whose keys in a cache are then worthless.</summary>
    public bool TurnsAnew(long before, long after) =>
        before > 0 && RopeScaling?.Stage(before) is { } first && RopeScaling.Stage(after) is { } second && first != second;

    /// <summary>The window of a layer; 0 is none.</summary>
    public int WindowOf(int layer) => WindowLayers is null || WindowLayers[layer] ? SlidingWindow : 0;

    /// <summary>Outputs of a classifier.</summary>
    internal int LabelCount => Labels is { Count: > 0 } labels ? labels.Count
        : throw new SinterException($"A {Architecture} with the head {Head} needs labels, and its config has none.");
}
