using Sinter.Layers;
using Sinter.Layers.Initialization;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>
/// GPT-2 (Radford et al., 2019, "Language models are unsupervised multitask learners"): learned positions, LayerNorm before each part, GELU, one projection for
/// queries, keys and values.
/// </summary>
public sealed class Gpt2 : Architecture
{
    /// <inheritdoc/>
    public override string Name => "gpt2";

    /// <inheritdoc/>
    public override bool Bias => true;

    /// <inheritdoc/>
    public override bool TieEmbeddings => true;

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-5;

    /// <inheritdoc/>
    public override bool IsRotary => false;

    /// <inheritdoc/>
    public override bool HasGroupedHeads => false;

    /// <inheritdoc/>
    public override int IntermediateSize(int hidden) => 4 * hidden;

    /// <inheritdoc/>
    public override Initializer Initializer(double std) => new Gpt2Initializer { Std = std };

    /// <inheritdoc/>
    internal override ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        var table = parameters.Add(new ParameterSpec("transformer.wte.weight", new Shape(c.VocabSize, c.HiddenSize)));
        var positions = parameters.Add(new ParameterSpec("transformer.wpe.weight", new Shape(c.ContextLength, c.HiddenSize)));
        return new ModelParts
        {
            Embedding = new EmbeddingLayer(table, positions, new Dropout("transformer.drop", c.EmbeddingDropout)),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => Block(c, parameters, i))],
            FinalNorm = new LayerNorm(parameters, "transformer.ln_f", c.HiddenSize, c.Bias, c.NormEpsilon),
        };
    }

    private static TransformerBlock Block(ModelConfig c, ParameterSet parameters, int i)
    {
        string path = $"transformer.h.{i}";
        var heads = new HeadLayout(c.NumHeads, c.NumKvHeads, c.HeadSize);
        double depth = BranchDropout.DepthProbability(c.StochasticDepth, i, c.NumLayers);
        Linear Map(string name, int inputs, int outputs, int residualProjections = 0, IReadOnlyList<int>? fused = null) =>
            new(parameters, $"{path}.{name}", inputs, outputs, c.Bias, WeightLayout.InputsByOutputs, residualProjections, fused);
        var attentionNorm = new LayerNorm(parameters, path + ".ln_1", c.HiddenSize, c.Bias, c.NormEpsilon);
        var projection = new FusedProjection(Map("attn.c_attn", c.HiddenSize, heads.QueryWidth + 2 * heads.KvWidth, fused: [heads.QueryWidth, heads.KvWidth, heads.KvWidth]), heads);
        var attention = new SelfAttention(i, path + ".attn", new AttentionSettings(heads) { Dropout = c.AttentionDropout }, projection,
            Map("attn.c_proj", heads.QueryWidth, c.HiddenSize, 2 * c.NumLayers), null, new BranchDropout(path + ".attn.residual_dropout", c.ResidualDropout, depth));
        var feedForwardNorm = new LayerNorm(parameters, path + ".ln_2", c.HiddenSize, c.Bias, c.NormEpsilon);
        var feedForward = new GeluFeedForward(Map("mlp.c_fc", c.HiddenSize, c.IntermediateSize),
            Map("mlp.c_proj", c.IntermediateSize, c.HiddenSize, 2 * c.NumLayers), new BranchDropout(path + ".mlp.dropout", c.ResidualDropout, depth), c.Activation);
        return new TransformerBlock(attentionNorm, attention, feedForwardNorm, feedForward);
    }
}
