using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Options;

namespace Sinter.Training.Unfreezing;

/// <summary>Options of <see cref="GradualUnfreezing"/>.</summary>
public sealed class GradualUnfreezingOptions : UnfreezingOptions
{
    /// <summary>The keys of <c>gradual</c> in recipes.</summary>
    public static OptionsSchema<GradualUnfreezingOptions> Schema { get; } = OptionsSchema.Create<GradualUnfreezingOptions>(
        "From the last block down, one more block is trained each so many steps (Howard and Ruder, 2018).", static b =>
        b.Integer("every", "The steps until one more block is trained.", o => o.Every, (o, v) => o.Every = v, 1));

    /// <inheritdoc/>
    public override string Name => "gradual";

    /// <summary>The steps until one more block is trained.</summary>
    public long Every { get; set; } = 100;

    /// <inheritdoc/>
    public override IUnfreezing Create(IReadOnlyList<Parameter> parameters) => new GradualUnfreezing(parameters, Every);
}

/// <summary>
/// Gradual unfreezing (Howard and Ruder, "Universal language model fine-tuning for text classification", 2018, section 3.3): the first steps train the head and the
/// last block, then one block more each time, the embeddings last. A tied head counts as the embedding. Frozen blocks below the lowest trained one cost a forward
/// pass alone.
/// </summary>
/// <remarks>The paper's first stage trains the head alone, which in a language model is the embedding; here the last block goes with it.</remarks>
/// <param name="parameters">All parameters, in the order of the model's files; those that want no gradient now stay as they are.</param>
/// <param name="every">The steps until one more block is trained.</param>
public sealed class GradualUnfreezing(IReadOnlyList<Parameter> parameters, long every) : IUnfreezing
{
    private readonly (Parameter Parameter, int BelowTop)[] _trained =
        [.. parameters.Zip(ParameterDepth.BelowTop(parameters)).Where(p => p.First.Value.RequiresGrad)];

    /// <inheritdoc/>
    public void Begin(long step)
    {
        long deepest = 1 + (step - 1) / every;
        foreach (var (parameter, belowTop) in _trained) parameter.Value.WithGrad(belowTop <= deepest);
    }
}
