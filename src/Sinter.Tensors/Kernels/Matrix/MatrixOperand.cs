using System.Runtime.Intrinsics;

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

/// <summary>What is done to a finished tile of C while it is in the cache: bias, then residual, then activation.</summary>
internal unsafe struct MatrixEpilogue
{
    /// <summary>Added to each row; null is none. [N]</summary>
    public float* Bias;
    /// <summary>Added to C, with C's stride; null is none. [M, N]</summary>
    public float* Residual;
    /// <summary>Gets gelu(C), with C's stride; null is none. [M, N]</summary>
    public float* Gelu;

    public readonly bool IsEmpty => Bias == null && Residual == null && Gelu == null;

    /// <summary>The same for C from column <paramref name="column"/> on.</summary>
    public readonly MatrixEpilogue At(long column) => new()
    {
        Bias = Bias == null ? null : Bias + column,
        Residual = Residual == null ? null : Residual + column,
        Gelu = Gelu == null ? null : Gelu + column,
    };

    /// <summary>Applies it to rows × columns of C that begin at element <paramref name="offset"/>, in column <paramref name="column"/>.</summary>
    public readonly void Apply(float* c, long stride, long offset, long column, int rows, int columns)
    {
        float* bias = Bias == null ? null : Bias + column;
        for (int y = 0; y < rows; y++, offset += stride)
        {
            int x = 0;
            for (; x + Vec.Count <= columns; x += Vec.Count)
            {
                var v = Vector512.Load(c + offset + x);
                if (bias != null) v += Vector512.Load(bias + x);
                if (Residual != null) v += Vector512.Load(Residual + offset + x);
                Vector512.Store(v, c + offset + x);
                if (Gelu != null) Vector512.Store(VectorMath.Gelu(v), Gelu + offset + x);
            }
            if (x < columns) Tail(c, offset + x, bias + x, columns - x);
        }
    }

    private readonly void Tail(float* c, long offset, float* bias, int count)
    {
        var v = Elementwise.LoadPart(c + offset, count);
        if (Bias != null) v += Elementwise.LoadPart(bias, count);
        if (Residual != null) v += Elementwise.LoadPart(Residual + offset, count);
        Elementwise.StorePart(v, c + offset, count);
        if (Gelu != null) Elementwise.StorePart(VectorMath.Gelu(v), Gelu + offset, count);
    }
}
