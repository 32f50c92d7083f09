using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Clipping;

/// <summary>Options of <see cref="ValueClip"/>.</summary>
public sealed class ValueClipOptions : ClipperOptions
{
    /// <summary>The keys of <c>value</c> in recipes.</summary>
    public static OptionsSchema<ValueClipOptions> Schema { get; } = OptionsSchema.Create<ValueClipOptions>(
        "Each element of the gradients is clamped.", static b =>
        b.Number("max", "The largest absolute value of a gradient's element.", o => o.Max, (o, v) => o.Max = v, NumberRange.Positive));

    /// <inheritdoc/>
    public override string Name => "value";

    /// <summary>The largest absolute value of an element.</summary>
    public double Max { get; set; } = 1.0;

    /// <inheritdoc/>
    public override IGradientClipper Create() => new ValueClip(Max);
}

/// <summary>
/// Clipping of each element to [−max, max], as PyTorch's <c>clip_grad_value_</c>. Elements change by different factors, so the gradient's direction does too; norm clipping
/// keeps it.
/// </summary>
/// <param name="max">The largest absolute value.</param>
public sealed class ValueClip(double max) : IGradientClipper
{
    /// <inheritdoc/>
    public Clipped Clip(GradientSet gradients, double norm)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return new Clipped(1, Math.Sqrt(GradientPasses.Clamp(gradients.Weights, (float)max)));
    }
}
