using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>Ones: for the weights of norms. A whole model of ones does not learn: all its units stay equal.</summary>
public sealed class OnesInitializer : Initializer
{
    /// <summary>The keys of <c>ones</c> in recipes: none.</summary>
    public static OptionsSchema<OnesInitializer> Schema { get; } = OptionsSchema.Create<OnesInitializer>(
        "Ones.", static _ => { });

    /// <inheritdoc/>
    public override string Name => "ones";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => values.Span.Fill(1);
}
