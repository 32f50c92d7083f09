using Sinter.Layers;
using Sinter.Options;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Clipping;

/// <summary>Options of <see cref="AdaptiveClip"/>. Defaults are those of the paper's code for small batches and of timm.</summary>
public sealed class AdaptiveClipOptions : ClipperOptions
{
    /// <summary>The keys of <c>adaptive</c> in recipes.</summary>
    public static OptionsSchema<AdaptiveClipOptions> Schema { get; } = OptionsSchema.Create<AdaptiveClipOptions>(
        "Each unit's gradient is scaled to a share of the norm of its weights (AGC; Brock et al., 2021).", static b =>
    {
        b.Number("max_ratio", "λ: the largest norm of a unit's gradient, as a share of the norm of its weights.", o => o.MaxRatio, (o, v) => o.MaxRatio = v,
            NumberRange.Positive);
        b.Number("epsilon", "The least norm of a unit's weights, so that those at zero can move.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Boolean("clip_head", "Whether the output layer is clipped too; the paper leaves it out.", o => o.ClipHead, (o, v) => o.ClipHead = v);
    });

    /// <inheritdoc/>
    public override string Name => "adaptive";

    /// <summary>λ: the largest norm of a unit's gradient, as a share of the norm of its weights.</summary>
    public double MaxRatio { get; set; } = 0.01;

    /// <summary>ε: the least norm of a unit's weights.</summary>
    public double Epsilon { get; set; } = 1e-3;

    /// <summary>Whether the output layer is clipped too.</summary>
    public bool ClipHead { get; set; }

    /// <inheritdoc/>
    public override IGradientClipper Create() => new AdaptiveClip(MaxRatio, Epsilon, ClipHead);
}

/// <summary>
/// Adaptive gradient clipping (Brock, De, Smith and Simonyan, 2021, "High-performance large-scale image recognition without normalization", section 4): a unit's gradient is
/// at most λ times as long as its weights, so that a step changes no unit by more than a share of itself.
/// </summary>
/// <remarks>
/// A unit is what makes one output: a column of GPT-2's matrices, which lie inputs × outputs, a row of all others; of embeddings, the row of a token or a position; a bias
/// or the weight of a norm is one unit. The output layer is left out as in the paper, and with it the token embedding where both are one matrix.
/// </remarks>
/// <param name="maxRatio">λ.</param>
/// <param name="epsilon">ε.</param>
/// <param name="clipHead">Whether the output layer is clipped too.</param>
public sealed class AdaptiveClip(double maxRatio, double epsilon, bool clipHead = false) : IGradientClipper
{
    /// <inheritdoc/>
    public Clipped Clip(GradientSet gradients, double norm)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        double before = 0, after = 0;
        for (int i = 0; i < gradients.Parameters.Count; i++)
        {
            var parameter = gradients.Parameters[i];
            if (!parameter.Value.HasGrad) continue;
            if (parameter.IsHead && !clipHead) before += HeadSquares(parameter);
            else after += UnitClip.Apply(parameter.Value, parameter.IsMatrix && parameter.Layout == WeightLayout.InputsByOutputs, maxRatio, epsilon);
        }
        return new Clipped(1, Math.Sqrt(before + after));
    }

    private static double HeadSquares(Parameter head)
    {
        Span<double> squares = stackalloc double[1];
        GradientPasses.Squares([head.Value], squares);
        return squares[0];
    }
}
