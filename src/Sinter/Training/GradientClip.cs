namespace Sinter.Training;

/// <summary>Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013, section 3.2), as PyTorch's <c>clip_grad_norm_</c> computes it.</summary>
internal static class GradientClip
{
    /// <summary>The factor of the gradients: max ÷ (norm + 10⁻⁶), at most 1; 1 where there is no limit.</summary>
    public static double Factor(double? max, double norm) => max is { } limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
}
