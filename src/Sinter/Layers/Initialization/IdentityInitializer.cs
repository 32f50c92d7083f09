using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Ones on the diagonal, zeros elsewhere, also where the matrix is not square: as many inputs as fit go through unchanged. PyTorch's <c>eye_</c>;
/// Le, Jaitly
/// and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015), scale it (<see cref="Scale"/>).
/// </summary>
public sealed class IdentityInitializer : Initializer
{
    /// <summary>The keys of <c>identity</c> in recipes.</summary>
    public static OptionsSchema<IdentityInitializer> Schema { get; } = OptionsSchema.Create<IdentityInitializer>(
        "A number on the diagonal, zeros elsewhere.", static b =>
        b.Number("scale", "The number on the diagonal.", o => o.Scale, (o, v) => o.Scale = v, NumberRange.Any));

    /// <inheritdoc/>
    public override string Name => "identity";

    /// <summary>The number on the diagonal.</summary>
    public double Scale { get; set; } = 1;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        RequireMatrix(spec);
        var span = values.Span;
        span.Clear();
        int columns = (int)spec.Shape[1];
        for (int i = 0; i < Math.Min(spec.Shape[0], spec.Shape[1]); i++) span[i * columns + i] = (float)Scale;
    }
}
