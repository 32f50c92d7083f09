using Sinter.Options;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Clipping;

/// <summary>Options of <see cref="ParameterNormClip"/>.</summary>
public sealed class ParameterNormClipOptions : ClipperOptions
{
    /// <summary>The keys of <c>parameter_norm</c> in recipes.</summary>
    public static OptionsSchema<ParameterNormClipOptions> Schema { get; } = OptionsSchema.Create<ParameterNormClipOptions>(
        "Each parameter's gradient is scaled to a largest norm of its own.", static b =>
        b.Number("max", "The largest gradient norm of each parameter by itself.", o => o.Max, (o, v) => o.Max = v, NumberRange.Positive));

    /// <inheritdoc/>
    public override string Name => "parameter_norm";

    /// <summary>The largest gradient norm of each parameter by itself.</summary>
    public double Max { get; set; } = 1.0;

    /// <inheritdoc/>
    public override IGradientClipper Create() => new ParameterNormClip(Max);
}

/// <summary>
/// Clipping of each tensor by its own norm, as PyTorch's <c>clip_grad_norm_</c> does when it is called with one tensor at a time: a layer whose gradient explodes does not
/// slow the others down.
/// </summary>
/// <param name="max">The largest norm of a tensor's gradient.</param>
public sealed class ParameterNormClip(double max) : IGradientClipper
{
    private double[] _factors = [];

    /// <inheritdoc/>
    public Clipped Clip(GradientSet gradients, double norm)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (_factors.Length != gradients.Weights.Length) _factors = new double[gradients.Weights.Length];
        GradientPasses.Squares(gradients.Weights, _factors);
        double sum = 0;
        foreach (ref double value in _factors.AsSpan())
        {
            double squares = value;
            value = NormClip.Factor(max, Math.Sqrt(squares));
            sum += value * value * squares;
        }
        GradientPasses.Scale(gradients.Weights, _factors);
        return new Clipped(1, Math.Sqrt(sum));
    }
}
