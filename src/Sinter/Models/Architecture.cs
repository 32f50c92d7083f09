using Sinter.Layers;
using Sinter.Layers.Initialization;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>A family of models: the habits of its options, and how its backbone is built. One file, and a line in <see cref="Architectures"/>.</summary>
public abstract class Architecture
{
    /// <summary>The name: <c>model_type</c> in a <c>config.json</c>, <c>model.architecture</c> in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Whether linear and norm layers have biases where the options do not say.</summary>
    public virtual bool Bias => false;

    /// <summary>Whether a model may have other biases than its family's.</summary>
    public virtual bool HasOptionalBias => true;

    /// <summary>The most positions that a query sees where the options do not say, 0 for all; null where the family has no window.</summary>
    public virtual int? SlidingWindow => null;

    /// <summary>Whether the output head is the token embedding where the options do not say.</summary>
    public virtual bool TieEmbeddings => false;

    /// <summary>What is added to the variance in norms.</summary>
    public virtual double NormEpsilon => 1e-6;

    /// <summary>Whether a position sees only itself and those before it.</summary>
    public virtual bool IsCausal => true;

    /// <summary>Whether positions are rotations of the heads, which then have an even size.</summary>
    public virtual bool IsRotary => true;

    /// <summary>Whether there may be fewer key and value heads than query heads.</summary>
    public virtual bool HasGroupedHeads => true;

    /// <summary>The width of the feed-forward layer where the options do not say.</summary>
    public virtual int IntermediateSize(int hidden) => (8 * hidden / 3 + 31) / 32 * 32;

    /// <summary>How matrices begin where the options do not say.</summary>
    public virtual Initializer Initializer(double std) => Layers.Initialization.Initializer.Normal(std);

    /// <summary>The whole config of a model to train from scratch, after what all families share.</summary>
    public virtual ModelConfig Configure(ModelConfig shared) => shared;

    /// <summary>Adds the parameters of the backbone, in the order in which data passes them, and gives its parts. A head comes after it.</summary>
    internal abstract ModelParts Build(ModelConfig config, ParameterSet parameters);

    /// <summary>Adds the parameters of an encoder's language-model head.</summary>
    /// <param name="config">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="table">The token embedding, [V, C].</param>
    /// <exception cref="SinterException">The family has no such head.</exception>
    internal virtual MaskedHead MaskedHead(ModelConfig config, ParameterSet parameters, Tensor table) =>
        throw new SinterException($"A {Name} sees only the tokens before each one, so it can't be a masked language model; there are: "
            + $"{string.Join(", ", Architectures.Encoders)}.");

    /// <summary>Adds the parameters of the head that judges texts.</summary>
    internal virtual ClassificationHead ClassificationHead(ModelConfig config, ParameterSet parameters) =>
        new(new Linear(parameters, "score", config.HiddenSize, config.LabelCount, bias: false, WeightLayout.OutputsByInputs));
}
