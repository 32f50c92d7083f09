namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>How a micro-kernel ends that rounds its tile to bfloat16 itself.</summary>
internal enum Ending
{
    /// <summary>The sums.</summary>
    Round,
    /// <summary>GELU of the sums.</summary>
    Gelu,
    /// <summary>The sums, and GELU of them to <see cref="KernelArguments.After"/>.</summary>
    SumAndGelu,
    /// <summary>The sums times the slope of GELU at <see cref="KernelArguments.Before"/>, and GELU of that to <see cref="KernelArguments.After"/>.</summary>
    GeluGradient,
}
