using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>DistilBERT (Sanh, Debut, Chaumond and Wolf, 2019): BERT without types of text and pooler; nothing is dropped of what attention adds.</summary>
public sealed class DistilBert : Encoder
{
    /// <summary><c>seq_classif_dropout</c> where a config does not say.</summary>
    internal const double HeadDropout = 0.2;

    /// <inheritdoc/>
    public override string Name => "distilbert";

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-12;

    /// <inheritdoc/>
    internal override ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        const string path = "distilbert.embeddings";
        Tensor words = parameters.Add(new ParameterSpec(path + ".word_embeddings.weight", new Shape(c.VocabSize, c.HiddenSize))),
            positions = parameters.Add(new ParameterSpec(path + ".position_embeddings.weight", new Shape(c.ContextLength, c.HiddenSize)));
        return new ModelParts
        {
            Embedding = new EncoderEmbedding(words, positions, default, Norm(c, parameters, path + ".LayerNorm"), new Dropout(path + ".dropout", c.EmbeddingDropout)),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => Block(c, parameters, i))],
        };
    }

    /// <inheritdoc/>
    internal override MaskedHead MaskedHead(ModelConfig c, ParameterSet parameters, Tensor table) =>
        MaskedHead(c, parameters, table, "vocab_transform", "vocab_layer_norm", "vocab_projector", "vocab_projector.bias");

    /// <inheritdoc/>
    internal override ClassificationHead ClassificationHead(ModelConfig c, ParameterSet parameters)
    {
        var dense = Map(parameters, "pre_classifier", c.HiddenSize, c.HiddenSize);
        return new ClassificationHead(Map(parameters, "classifier", c.HiddenSize, c.LabelCount))
        {
            Dense = dense,
            Function = Op.Relu,
            Last = new Dropout("classifier.dropout", c.ClassifierDropout ?? HeadDropout),
        };
    }

    private static PostNormBlock Block(ModelConfig c, ParameterSet parameters, int i)
    {
        string path = $"distilbert.transformer.layer.{i}", self = path + ".attention";
        var (heads, depth) = (Heads(c), BranchDropout.DepthProbability(c.StochasticDepth, i, c.NumLayers));
        var projection = new SeparateProjection(Map(parameters, self + ".q_lin", c.HiddenSize, heads.QueryWidth),
            Map(parameters, self + ".k_lin", c.HiddenSize, heads.KvWidth), Map(parameters, self + ".v_lin", c.HiddenSize, heads.KvWidth));
        var attention = new SelfAttention(i, self, Attention(c), projection, Map(parameters, self + ".out_lin", heads.QueryWidth, c.HiddenSize, 2 * c.NumLayers),
            null, new BranchDropout(self + ".dropout", 0, depth));
        var attentionNorm = Norm(c, parameters, path + ".sa_layer_norm");
        var feedForward = new GeluFeedForward(Map(parameters, path + ".ffn.lin1", c.HiddenSize, c.IntermediateSize),
            Map(parameters, path + ".ffn.lin2", c.IntermediateSize, c.HiddenSize, 2 * c.NumLayers),
            new BranchDropout(path + ".ffn.dropout", c.ResidualDropout, depth), c.Activation);
        return new PostNormBlock(attention, attentionNorm, feedForward, Norm(c, parameters, path + ".output_layer_norm"));
    }
}
