using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Updates;

/// <summary>
/// What an optimizer does to one vector of weights. A struct that holds the step's numbers, as float64: <see cref="UpdateMath.Number{T}"/> rounds them to the
/// type of the weights, so that one rule runs in both.
/// </summary>
/// <remarks>Mark <see cref="Apply{T}"/> for aggressive inlining: it is the body of the one loop over all weights.</remarks>
public interface IUpdateRule
{
    /// <summary>Updates weights and states in place; each vector holds the same elements of its tensor.</summary>
    /// <param name="gradient">The gradients, clipped.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="first">The first state, or zeros where the target has none: then it is neither read nor written.</param>
    /// <param name="second">The second state, likewise.</param>
    /// <param name="third">The third state, likewise.</param>
    /// <typeparam name="T">float or double.</typeparam>
    void Apply<T>(Vector512<T> gradient, ref Vector512<T> weight, ref Vector512<T> first, ref Vector512<T> second, ref Vector512<T> third)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
