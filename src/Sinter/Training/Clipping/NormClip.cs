using Sinter.Options;

namespace Sinter.Training.Clipping;

/// <summary>Options of <see cref="NormClip"/>.</summary>
public sealed class NormClipOptions : ClipperOptions
{
    /// <summary>The keys of <c>norm</c> in recipes.</summary>
    public static OptionsSchema<NormClipOptions> Schema { get; } = OptionsSchema.Create<NormClipOptions>(
        "The gradients of all parameters together are scaled to a largest norm (Pascanu et al., 2013).", static b =>
        b.Number("max", "The largest global gradient norm.", o => o.Max, (o, v) => o.Max = v, NumberRange.Positive));

    /// <inheritdoc/>
    public override string Name => "norm";

    /// <summary>The largest global gradient norm.</summary>
    public double Max { get; set; } = 1.0;

    /// <inheritdoc/>
    public override IGradientClipper Create() => new NormClip(Max);
}

/// <summary>
/// Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013, section 3.2), as PyTorch's <c>clip_grad_norm_</c> computes it: all gradients are multiplied by
/// max ÷ (norm + 10⁻⁶) where that is below 1.
/// </summary>
/// <param name="max">The largest norm.</param>
public sealed class NormClip(double max) : IGradientClipper
{
    /// <inheritdoc/>
    public Clipped Clip(GradientSet gradients, double norm)
    {
        double factor = Factor(max, norm);
        return new Clipped(factor, norm * factor);
    }

    /// <summary>The factor, at most 1.</summary>
    public static double Factor(double max, double norm) => Math.Min(1, max / (norm + 1e-6));
}
