using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>What the families of encoders have in common: every position sees all of its text, biases everywhere, a head that is the embedding.</summary>
public abstract class Encoder : Architecture
{
    /// <inheritdoc/>
    public override bool IsCausal => false;

    /// <inheritdoc/>
    public override bool Bias => true;

    /// <inheritdoc/>
    public override bool TieEmbeddings => true;

    /// <inheritdoc/>
    public override bool IsRotary => false;

    /// <inheritdoc/>
    public override bool HasGroupedHeads => false;

    /// <inheritdoc/>
    public override int IntermediateSize(int hidden) => 4 * hidden;

    /// <inheritdoc/>
    /// <exception cref="SinterException">Biases are switched off.</exception>
    public override ModelConfig Configure(ModelConfig shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        if (!shared.Bias) throw new SinterException($"model.bias: {Name} has biases in all its layers. Remove the key.");
        return shared with { Activation = Activation.Gelu, PadTokenId = shared.PadTokenId ?? 0 };
    }

    private protected static HeadLayout Heads(ModelConfig c) => new(c.NumHeads, c.NumKvHeads, c.HeadSize);

    private protected static AttentionSettings Attention(ModelConfig c) => new(Heads(c)) { Causal = false, Dropout = c.AttentionDropout };

    private protected static LayerNorm Norm(ModelConfig c, ParameterSet parameters, string path) => new(parameters, path, c.HiddenSize, bias: true, c.NormEpsilon);

    private protected static Linear Map(ParameterSet parameters, string path, int inputs, int outputs, int residualProjections = 0) =>
        new(parameters, path, inputs, outputs, bias: true, WeightLayout.OutputsByInputs, residualProjections);

    /// <summary>The head with the names that a family gives its parts; <paramref name="decoder"/> is a parameter only where it is not the embedding.</summary>
    private protected static MaskedHead MaskedHead(ModelConfig c, ParameterSet parameters, Tensor table, string dense, string norm, string decoder, string bias)
    {
        var (transform, after) = (Map(parameters, dense, c.HiddenSize, c.HiddenSize), Norm(c, parameters, norm));
        if (!c.TieEmbeddings) table = parameters.Add(new ParameterSpec(decoder + ".weight", new Shape(c.VocabSize, c.HiddenSize)));
        return new MaskedHead(transform, c.Activation, after, table, parameters.Add(new ParameterSpec(bias, new Shape(c.VocabSize), ParameterRole.Bias)));
    }
}
