namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>A factor of a matrix product as it lies in memory: rows of <paramref name="Stride"/> elements, read as they are or transposed.</summary>
/// <param name="Data">The first element.</param>
/// <param name="Stride">Elements between rows in memory.</param>
/// <param name="Transposed">Whether the factor is the transpose of what lies in memory.</param>
internal readonly unsafe record struct MatrixOperand(nint Data, long Stride, bool Transposed)
{
    public MatrixOperand(float* data, long stride, bool transposed = false) : this((nint)data, stride, transposed) { }

    /// <summary>The address of element (<paramref name="row"/>, <paramref name="column"/>) of the factor.</summary>
    public float* At(long row, long column) => (float*)Data + (Transposed ? column * Stride + row : row * Stride + column);
}
