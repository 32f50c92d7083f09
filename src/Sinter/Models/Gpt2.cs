using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>
/// GPT-2 (Radford et al., 2019, "Language models are unsupervised multitask learners"): learned positions, LayerNorm before each part, GELU, one projection for
/// queries, keys and values. Weights begin normal with 0.02, those of residual projections divided by √(2·layers), as section 2.3 says.
/// </summary>
internal static class Gpt2
{
    public static ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        var normal = Initializer.Normal(c.InitializerRange);
        var embedding = parameters.Add("transformer.wte.weight", new Shape(c.VocabSize, c.HiddenSize), normal);
        var positions = parameters.Add("transformer.wpe.weight", new Shape(c.ContextLength, c.HiddenSize), normal);
        return new ModelParts
        {
            Embedding = embedding,
            Positions = positions,
            EmbeddingDropout = new Dropout("transformer.drop", c.Dropout),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => Block(c, parameters, i))],
            FinalNorm = new LayerNorm(parameters, "transformer.ln_f", c.HiddenSize, c.Bias, c.NormEpsilon),
            Head = c.TieEmbeddings ? default : parameters.Add("lm_head.weight", new Shape(c.VocabSize, c.HiddenSize), normal),
        };
    }

    private static TransformerBlock Block(ModelConfig c, ParameterSet parameters, int i)
    {
        string path = $"transformer.h.{i}";
        var heads = new HeadLayout(c.NumHeads, c.NumKvHeads, c.HeadSize);
        Initializer normal = Initializer.Normal(c.InitializerRange), residual = Initializer.Normal(c.InitializerRange / Math.Sqrt(2.0 * c.NumLayers));
        Linear Map(string name, int inputs, int outputs, Initializer initializer, IReadOnlyList<int>? fused = null) =>
            new(parameters, $"{path}.{name}", inputs, outputs, c.Bias, WeightLayout.InputsByOutputs, initializer, fused);
        var attentionNorm = new LayerNorm(parameters, path + ".ln_1", c.HiddenSize, c.Bias, c.NormEpsilon);
        var projection = new FusedProjection(Map("attn.c_attn", c.HiddenSize, heads.QueryWidth + 2 * heads.KvWidth, normal, [heads.QueryWidth, heads.KvWidth, heads.KvWidth]), heads);
        var attention = new SelfAttention(i, path + ".attn", heads, projection, Map("attn.c_proj", heads.QueryWidth, c.HiddenSize, residual), null, c.Dropout);
        var feedForwardNorm = new LayerNorm(parameters, path + ".ln_2", c.HiddenSize, c.Bias, c.NormEpsilon);
        var feedForward = new GeluFeedForward(Map("mlp.c_fc", c.HiddenSize, c.IntermediateSize, normal), Map("mlp.c_proj", c.IntermediateSize, c.HiddenSize, residual),
            new Dropout(path + ".mlp.dropout", c.Dropout));
        return new TransformerBlock(attentionNorm, attention, feedForwardNorm, feedForward);
    }
}
