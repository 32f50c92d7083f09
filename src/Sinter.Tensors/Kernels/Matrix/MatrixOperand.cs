using System.Runtime.CompilerServices;

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
        for (int y = 0; y < rows; y++, offset += stride)
        {
            int x = 0;
            for (; x + Vec.Count <= columns; x += Vec.Count) Step(default(AllLanes), c, offset + x, column + x);
            if (x < columns) Step(new FirstLanes(columns - x), c, offset + x, column + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<T>(T lanes, float* c, long at, long column) where T : struct, ILanes
    {
        var v = lanes.Load(c + at);
        if (Bias != null) v += lanes.Load(Bias + column);
        if (Residual != null) v += lanes.Load(Residual + at);
        if (Bias != null || Residual != null) lanes.Store(v, c + at);
        if (Gelu != null) lanes.Store(VectorMath.Gelu(v), Gelu + at);
    }
}
