using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>What an optimizer does to sixteen weights at a time. A struct that holds the step's numbers.</summary>
public interface IUpdateRule
{
    /// <summary>Updates weights and moments in place.</summary>
    /// <param name="gradient">The gradients, clipped.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="first">The first state, such as the mean of the gradients.</param>
    /// <param name="second">The second state, such as the mean of their squares.</param>
    /// <param name="decay">Whether weight decay applies to this tensor.</param>
    void Apply(Vector512<float> gradient, ref Vector512<float> weight, ref Vector512<float> first, ref Vector512<float> second, bool decay);
}

/// <summary>A weight and what its optimizer remembers of it, all of one shape.</summary>
/// <param name="Weight">The weight; its gradient is read.</param>
/// <param name="First">The first state.</param>
/// <param name="Second">The second state.</param>
/// <param name="Decay">Whether weight decay applies.</param>
public readonly record struct UpdateTarget(Tensor Weight, Tensor First, Tensor Second, bool Decay);
