using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Matrix;

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
