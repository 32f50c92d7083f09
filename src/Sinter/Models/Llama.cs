using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>Llama (Touvron et al., 2023): rotary positions, RMSNorm before each part, SwiGLU, grouped key and value heads.</summary>
public sealed class Llama : Architecture
{
    /// <inheritdoc/>
    public override string Name => "llama";

    /// <inheritdoc/>
    internal override ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        var rotary = new RotaryTable(parameters.Device, c.HeadSize, c.RopeTheta, Math.Min(c.ContextLength, 512));
        return new ModelParts
        {
            Embedding = new EmbeddingLayer(parameters.Add(new ParameterSpec("model.embed_tokens.weight", new Shape(c.VocabSize, c.HiddenSize))), default,
                new Dropout("model.dropout", c.EmbeddingDropout)),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => Block(c, parameters, rotary, i))],
            FinalNorm = new RmsNorm(parameters, "model.norm", c.HiddenSize, c.NormEpsilon),
        };
    }

    private static TransformerBlock Block(ModelConfig c, ParameterSet parameters, RotaryTable rotary, int i)
    {
        string path = $"model.layers.{i}";
        var heads = new HeadLayout(c.NumHeads, c.NumKvHeads, c.HeadSize);
        double depth = BranchDropout.DepthProbability(c.StochasticDepth, i, c.NumLayers);
        Linear Map(string name, int inputs, int outputs, int residualProjections = 0) => new(parameters, $"{path}.{name}", inputs, outputs,
            name.StartsWith("mlp", StringComparison.Ordinal) ? c.MlpBias ?? c.Bias : c.Bias, WeightLayout.OutputsByInputs, residualProjections);
        var projection = new SeparateProjection(
            Map("self_attn.q_proj", c.HiddenSize, heads.QueryWidth), Map("self_attn.k_proj", c.HiddenSize, heads.KvWidth), Map("self_attn.v_proj", c.HiddenSize, heads.KvWidth));
        var attention = new SelfAttention(i, path + ".self_attn", new AttentionSettings(heads) { Dropout = c.AttentionDropout }, projection,
            Map("self_attn.o_proj", heads.QueryWidth, c.HiddenSize, 2 * c.NumLayers), rotary, new BranchDropout(path + ".self_attn.residual_dropout", c.ResidualDropout, depth));
        var feedForward = new SwiGluFeedForward(Map("mlp.gate_proj", c.HiddenSize, c.IntermediateSize), Map("mlp.up_proj", c.HiddenSize, c.IntermediateSize),
            Map("mlp.down_proj", c.IntermediateSize, c.HiddenSize, 2 * c.NumLayers), new BranchDropout(path + ".mlp.dropout", c.ResidualDropout, depth));
        return new TransformerBlock(new RmsNorm(parameters, path + ".input_layernorm", c.HiddenSize, c.NormEpsilon), attention,
            new RmsNorm(parameters, path + ".post_attention_layernorm", c.HiddenSize, c.NormEpsilon), feedForward);
    }
}
