using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>Zeros: for biases, and for a last layer that is to add nothing at first. A whole model of zeros does not learn: all its units stay
/// equal.</summary>
public sealed class ZerosInitializer : Initializer
{
    /// <summary>The keys of <c>zeros</c> in recipes: none.</summary>
    public static OptionsSchema<ZerosInitializer> Schema { get; } = OptionsSchema.Create<ZerosInitializer>(
        "Zeros.", static _ => { });

    /// <inheritdoc/>
    public override string Name => "zeros";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => values.Span.Clear();
}
