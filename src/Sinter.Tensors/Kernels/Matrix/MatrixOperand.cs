namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>A factor of a matrix product as it lies in memory: rows of <paramref name="Stride"/> elements, read as they are or transposed.</summary>
/// <param name="Data">The first element.</param>
/// <param name="Stride">Elements between rows in memory.</param>
/// <param name="Transposed">Whether the factor is the transpose of what lies in memory.</param>
/// <param name="IsBFloat16">Whether the elements are bfloat16 rather than float32.</param>
internal readonly unsafe record struct MatrixOperand(nint Data, long Stride, bool Transposed, bool IsBFloat16 = false)
{
    public MatrixOperand(float* data, long stride, bool transposed = false) : this((nint)data, stride, transposed) { }

    /// <summary>A tensor of float32 or bfloat16 as rows of <paramref name="stride"/> elements.</summary>
    public static MatrixOperand Of(Tensor tensor, long stride, bool transposed = false, string op = "matmul") => tensor.DType == DType.BFloat16
        ? new((nint)tensor.Data<ushort>(DType.BFloat16, op), stride, transposed, true) : new(tensor.F32(op), stride, transposed);

    /// <summary>Bytes of an element.</summary>
    public int ElementSize => IsBFloat16 ? sizeof(ushort) : sizeof(float);

    /// <summary>Bytes between rows in memory.</summary>
    public long StrideBytes => Stride * ElementSize;

    /// <summary>The address of element (<paramref name="row"/>, <paramref name="column"/>) of a factor of float32.</summary>
    public float* At(long row, long column) => (float*)Address(row, column);

    /// <summary>The address of element (<paramref name="row"/>, <paramref name="column"/>) of the factor.</summary>
    public byte* Address(long row, long column) => (byte*)Data + (Transposed ? column * Stride + row : row * Stride + column) * ElementSize;
}
