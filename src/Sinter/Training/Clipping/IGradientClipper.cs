namespace Sinter.Training.Clipping;

/// <summary>Keeps gradients from being too large. Called once a step, with the gradient of the whole global batch, penalties included.</summary>
public interface IGradientClipper
{
    /// <summary>Clips: either by a common factor that the optimizer multiplies in while it updates, or in place.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="norm">Their global norm, finite.</param>
    Clipped Clip(GradientSet gradients, double norm);
}

/// <summary>What clipping did.</summary>
/// <param name="Scale">The factor that the optimizer multiplies all gradients with; 1 where they were changed in place or not at all.</param>
/// <param name="Norm">The global norm after clipping, <paramref name="Scale"/> included.</param>
public readonly record struct Clipped(double Scale, double Norm);
