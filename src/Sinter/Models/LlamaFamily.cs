using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>Llama and its relatives: rotary positions, RMSNorm before each part, a gated feed-forward layer, grouped key and value heads. What a relative has
/// of its own are <see cref="LlamaTraits"/>.</summary>
public abstract class LlamaFamily : Architecture
{
    /// <summary>What sets it apart.</summary>
    internal virtual LlamaTraits Traits { get; } = new();

    /// <inheritdoc/>
    internal sealed override ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        var rotary = new RotaryTable(parameters.Device, c.HeadSize, c.RopeTheta, Math.Min(c.ContextLength, 512),
            (int)(c.HeadSize * c.RotaryFraction), c.RopeScaling);
        return new ModelParts
        {
            Embedding = new EmbeddingLayer(parameters.Add(new ParameterSpec("model.embed_tokens.weight", new Shape(c.VocabSize, c.HiddenSize))), default,
                new Dropout("model.dropout", c.EmbeddingDropout), Traits.ScalesEmbedding ? Math.Sqrt(c.HiddenSize) : 1),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => new LayerBuilder(c, Traits, parameters, i).Block(rotary))],
            FinalNorm = new RmsNorm(parameters, "model.norm", c.HiddenSize, c.NormEpsilon, Traits.IsSandwiched),
        };
    }

    /// <summary>Builds a block.</summary>
    private sealed class LayerBuilder(ModelConfig c, LlamaTraits traits, ParameterSet parameters, int layer)
    {
        private readonly string _path = $"model.layers.{layer}";
        private readonly HeadLayout _heads = new(c.NumHeads, c.NumKvHeads, c.HeadSize);

        public TransformerBlock Block(RotaryTable rotary)
        {
            var attentionNorm = Norm("input_layernorm");
            var attention = Attention(rotary);
            var feedForwardNorm = Norm(traits.IsSandwiched ? "pre_feedforward_layernorm" : "post_attention_layernorm");
            return new TransformerBlock(attentionNorm, attention, feedForwardNorm, FeedForward());
        }

        private SelfAttention Attention(RotaryTable rotary)
        {
            var settings = new AttentionSettings(_heads)
            {
                Dropout = c.AttentionDropout,
                Window = c.WindowOf(layer),
                SoftCap = c.AttentionSoftCap,
                Scale = c.QueryScalar > 0 ? 1 / Math.Sqrt(c.QueryScalar) : 0,
            };
            AttentionProjection projection = traits.IsFused ? Fused() : Separate();
            var output = Map("self_attn.o_proj", _heads.QueryWidth, c.HiddenSize, c.Bias && traits.HasOutputBias, 2 * c.NumLayers);
            return new SelfAttention(layer, _path + ".self_attn", settings, projection, output, rotary,
                Branch("self_attn.residual_dropout", "post_attention_layernorm"));
        }

        private FusedProjection Fused() => new(Map("self_attn.qkv_proj", c.HiddenSize, _heads.QueryWidth + 2 * _heads.KvWidth, c.Bias,
            fused: [_heads.QueryWidth, _heads.KvWidth, _heads.KvWidth]), _heads);

        private SeparateProjection Separate()
        {
            Linear query = Map("self_attn.q_proj", c.HiddenSize, _heads.QueryWidth, c.Bias), key = Map("self_attn.k_proj", c.HiddenSize, _heads.KvWidth, c.Bias),
                value = Map("self_attn.v_proj", c.HiddenSize, _heads.KvWidth, c.Bias);
            return new SeparateProjection(query, key, value,
                traits.HasHeadNorms ? new HeadNorms(HeadNorm("q_norm"), HeadNorm("k_norm"), c.HeadSize) : null);
        }

        private GatedFeedForward FeedForward()
        {
            bool bias = c.MlpBias ?? (c.Bias && traits.HasFeedForwardBias);
            int size = c.IntermediateSize;
            Linear gate = traits.IsFused ? Map("mlp.gate_up_proj", c.HiddenSize, 2 * size, bias, fused: [size, size])
                : Map("mlp.gate_proj", c.HiddenSize, size, bias);
            Linear? up = traits.IsFused ? null : Map("mlp.up_proj", c.HiddenSize, size, bias);
            var down = Map("mlp.down_proj", size, c.HiddenSize, bias, 2 * c.NumLayers);
            return new GatedFeedForward(gate, up, down, traits.Gate, Branch("mlp.dropout", "post_feedforward_layernorm"));
        }

        private Linear Map(string name, int inputs, int outputs, bool bias, int residualProjections = 0, IReadOnlyList<int>? fused = null) =>
            new(parameters, $"{_path}.{name}", inputs, outputs, bias, WeightLayout.OutputsByInputs, residualProjections, fused);

        private RmsNorm Norm(string name) => new(parameters, $"{_path}.{name}", c.HiddenSize, c.NormEpsilon, traits.IsSandwiched);

        private RmsNorm HeadNorm(string name) => new(parameters, $"{_path}.self_attn.{name}", c.HeadSize, c.NormEpsilon);

        private BranchDropout Branch(string place, string norm) => new($"{_path}.{place}", c.ResidualDropout,
            BranchDropout.DepthProbability(c.StochasticDepth, layer, c.NumLayers), traits.IsSandwiched ? Norm(norm) : null);
    }
}
