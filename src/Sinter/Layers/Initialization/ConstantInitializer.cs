using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>One number everywhere, such as 0.1 for biases. A whole model of one number does not learn: all its units stay equal.</summary>
public sealed class ConstantInitializer : Initializer
{
    /// <summary>The keys of <c>constant</c> in recipes.</summary>
    public static OptionsSchema<ConstantInitializer> Schema { get; } = OptionsSchema.Create<ConstantInitializer>(
        "One number everywhere.", static b =>
        b.Number("value", "The number.", o => o.Value, (o, v) => o.Value = v, NumberRange.Any));

    /// <inheritdoc/>
    public override string Name => "constant";

    /// <summary>The number.</summary>
    public double Value { get; set; }

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed) => values.Span.Fill((float)Value);
}
