using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>
/// BERT (Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of deep bidirectional Transformers for language understanding", 2019): every position sees all,
/// a norm after each part, GELU, learned positions and types of text.
/// </summary>
public class Bert : Encoder
{
    /// <inheritdoc/>
    public override string Name => "bert";

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-12;

    /// <inheritdoc/>
    public override ModelConfig Configure(ModelConfig shared) => base.Configure(shared) with { TypeVocabSize = 2 };

    /// <summary>Rows of the position table.</summary>
    private protected virtual int Positions(ModelConfig c) => c.ContextLength;

    /// <summary>The id of padding where places are counted from the one after it.</summary>
    private protected virtual int? Padding(ModelConfig c) => null;

    /// <inheritdoc/>
    internal override ModelParts Build(ModelConfig c, ParameterSet parameters)
    {
        string path = Name + ".embeddings";
        Tensor Table(string name, int rows) => parameters.Add(new ParameterSpec($"{path}.{name}.weight", new Shape(rows, c.HiddenSize)));
        Tensor words = Table("word_embeddings", c.VocabSize), positions = Table("position_embeddings", Positions(c)),
            types = c.TypeVocabSize > 0 ? Table("token_type_embeddings", c.TypeVocabSize) : default;
        return new ModelParts
        {
            Embedding = new EncoderEmbedding(words, positions, types, Norm(c, parameters, path + ".LayerNorm"), new Dropout(path + ".dropout", c.EmbeddingDropout),
                Padding(c)),
            Blocks = [.. Enumerable.Range(0, c.NumLayers).Select(i => Block(c, parameters, i))],
        };
    }

    /// <inheritdoc/>
    internal override MaskedHead MaskedHead(ModelConfig c, ParameterSet parameters, Tensor table) =>
        MaskedHead(c, parameters, table, "cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.decoder", "cls.predictions.bias");

    /// <inheritdoc/>
    internal override ClassificationHead ClassificationHead(ModelConfig c, ParameterSet parameters)
    {
        var pooler = Map(parameters, Name + ".pooler.dense", c.HiddenSize, c.HiddenSize);
        return new ClassificationHead(Map(parameters, "classifier", c.HiddenSize, c.LabelCount))
        {
            Dense = pooler,
            Function = Op.Tanh,
            Last = new Dropout("classifier.dropout", c.ClassifierDropout ?? c.ResidualDropout),
        };
    }

    private PostNormBlock Block(ModelConfig c, ParameterSet parameters, int i)
    {
        string path = $"{Name}.encoder.layer.{i}", self = path + ".attention.self", output = path + ".attention.output";
        var (heads, depth) = (Heads(c), BranchDropout.DepthProbability(c.StochasticDepth, i, c.NumLayers));
        var projection = new SeparateProjection(Map(parameters, self + ".query", c.HiddenSize, heads.QueryWidth),
            Map(parameters, self + ".key", c.HiddenSize, heads.KvWidth), Map(parameters, self + ".value", c.HiddenSize, heads.KvWidth));
        var attention = new SelfAttention(i, self, Attention(c), projection, Map(parameters, output + ".dense", heads.QueryWidth, c.HiddenSize, 2 * c.NumLayers),
            null, new BranchDropout(output + ".dropout", c.ResidualDropout, depth));
        var attentionNorm = Norm(c, parameters, output + ".LayerNorm");
        var feedForward = new GeluFeedForward(Map(parameters, path + ".intermediate.dense", c.HiddenSize, c.IntermediateSize),
            Map(parameters, path + ".output.dense", c.IntermediateSize, c.HiddenSize, 2 * c.NumLayers),
            new BranchDropout(path + ".output.dropout", c.ResidualDropout, depth), c.Activation);
        return new PostNormBlock(attention, attentionNorm, feedForward, Norm(c, parameters, path + ".output.LayerNorm"));
    }
}
