namespace Sinter.Tensors.Memory;

/// <summary>How long a block is needed, which decides where it lies.</summary>
internal enum Lifetime
{
    /// <summary>For an operation or a step.</summary>
    Step,

    /// <summary>For the gradient of a weight: from the backward pass to the update. A large one goes back then, and the next step's activations take its place.</summary>
    Gradient,

    /// <summary>As long as the device: weights, moments, tables.</summary>
    Device,
}
