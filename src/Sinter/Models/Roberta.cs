using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>RoBERTa (Liu et al., 2019): BERT's layers, places counted from the one after the padding's id, one type of text, and another head.</summary>
public sealed class Roberta : Bert
{
    /// <inheritdoc/>
    public override string Name => "roberta";

    /// <inheritdoc/>
    public override double NormEpsilon => 1e-5;

    /// <inheritdoc/>
    public override ModelConfig Configure(ModelConfig shared) => base.Configure(shared) with { TypeVocabSize = 1 };

    private protected override int Positions(ModelConfig c) => c.ContextLength + 1 + (Padding(c) ?? 0);

    private protected override int? Padding(ModelConfig c) => c.PadTokenId ?? 1;

    /// <inheritdoc/>
    internal override MaskedHead MaskedHead(ModelConfig c, ParameterSet parameters, Tensor table) =>
        MaskedHead(c with { Activation = Activation.Gelu }, parameters, table, "lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", "lm_head.bias");

    /// <inheritdoc/>
    internal override ClassificationHead ClassificationHead(ModelConfig c, ParameterSet parameters)
    {
        double dropout = c.ClassifierDropout ?? c.ResidualDropout;
        var dense = Map(parameters, "classifier.dense", c.HiddenSize, c.HiddenSize);
        return new ClassificationHead(Map(parameters, "classifier.out_proj", c.HiddenSize, c.LabelCount))
        {
            First = new Dropout("classifier.first_dropout", dropout),
            Dense = dense,
            Function = Op.Tanh,
            Last = new Dropout("classifier.dropout", dropout),
        };
    }
}
