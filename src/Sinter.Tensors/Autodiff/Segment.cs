namespace Sinter.Tensors.Autodiff;

/// <summary>A part of a model as a function of its input, which <see cref="Tape.Checkpoint{T}"/> may compute twice.</summary>
/// <param name="input">What it begins with.</param>
/// <param name="arguments">What it computes with beside the input and weights.</param>
public delegate Tensor Segment<T>(Tensor input, in T arguments);
