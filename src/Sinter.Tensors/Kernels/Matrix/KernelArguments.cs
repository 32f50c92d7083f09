using System.Runtime.InteropServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// What a micro-kernel is called with: C tile (rows × columns of the kernel, float32) = or += A · B over <see cref="Steps"/> steps. A step is one k in float32
/// and two neighbouring k in bfloat16: 4 bytes of A per row either way. The assembled code reads these fields by their offsets.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KernelArguments
{
    /// <summary>First element of A; element (row, step) lies at row · <see cref="RowStride"/> + step · <see cref="StepStride"/>, so A can be packed either way.</summary>
    public void* A;
    /// <summary>First row of B; a row holds one step for all columns.</summary>
    public void* B;
    /// <summary>First element of the tile.</summary>
    public float* C;
    /// <summary>Bytes between rows of A.</summary>
    public long RowStride;
    /// <summary>Bytes between steps of A.</summary>
    public long StepStride;
    /// <summary>Bytes between steps of B.</summary>
    public long BStride;
    /// <summary>Bytes between rows of C.</summary>
    public long CStride;
    /// <summary>Steps, at least 1.</summary>
    public long Steps;
    /// <summary>0 overwrites the tile, 1 adds to it.</summary>
    public long Accumulate;
    /// <summary>What is fetched into the second-level cache with the first step; null is nothing.</summary>
    public byte* Fetch;
    /// <summary>Bytes from what is fetched with a step to what is fetched with the next.</summary>
    public long FetchStride;
    /// <summary>Added to each row of the finished tile, as many numbers as it has columns; null is none. Assembled code alone reads this and what follows.</summary>
    public float* Bias;
    /// <summary>Added to the finished tile; null is none.</summary>
    public float* Residual;
    /// <summary>Bytes between rows of <see cref="Residual"/>.</summary>
    public long ResidualStride;
    /// <summary>Where a tile goes that the kernel rounds; C is then what it is added to, and there is no residual.</summary>
    public ushort* Rounded;
    /// <summary>Bytes between rows of <see cref="Rounded"/>, <see cref="Before"/> and <see cref="After"/>.</summary>
    public long RoundedStride;
    /// <inheritdoc cref="MatrixEpilogue.Before"/>
    public ushort* Before;
    /// <inheritdoc cref="MatrixEpilogue.After"/>
    public ushort* After;
    /// <summary>The numbers that an ending of <see cref="EndingAssembler"/> reads.</summary>
    public float* Constants;
    /// <summary>Whole tiles side by side, whose panels of B follow each other; the code moves the addresses on with each but the last. Up to 1 is one.</summary>
    public long Panels;
}
