using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Products of blocks that lie in scratch memory, straight through the float32 micro-kernel without packing: A with any two strides (so a transposed
/// block too), B and C in rows. Extents are rounded up to the micro-kernel's tile; the blocks have room for that, and what comes out beyond is never
/// read. Tiles and steps that a causal mask hides whole are left out.
/// </summary>
internal static unsafe class SmallProduct
{
    private const int Block = AttentionShape.Block;

    /// <summary>scores[key, query] = Σ x[key, i] · y[i, query]; y in rows of a block.</summary>
    public static void Scores(in AttentionShape s, in BlockMask mask, int keys, int queries, float* x, float* y, float* scores)
    {
        var (rows, columns) = (s.Kernel.Rows, s.Kernel.Columns);
        var a = Arguments(s.Width, 1, Block, Block, s.HeadSize, accumulate: false);
        for (int query = 0; query < queries; query += columns)
        {
            int end = mask.End(query + columns - 1, keys);
            a.B = y + query;
            for (int key = 0; key < end; key += rows)
            {
                a.A = x + key * s.Width;
                a.C = scores + key * Block + query;
                s.Kernel.Invoke(&a);
            }
        }
    }

    /// <summary>y[query, j] += Σ scores[key, query] · x[key, j].</summary>
    public static void ByQuery(in AttentionShape s, in BlockMask mask, int keys, int queries, float* scores, float* x, float* y)
    {
        var (rows, columns, width) = (s.Kernel.Rows, s.Kernel.Columns, s.Width);
        var a = Arguments(1, Block, width, width, 0, accumulate: true);
        for (int column = 0; column < width; column += columns)
            for (int query = 0; query < queries; query += rows)
            {
                a.Steps = mask.End(query + rows - 1, keys);
                if (a.Steps <= 0) continue;
                a.A = scores + query;
                a.B = x + column;
                a.C = y + query * width + column;
                s.Kernel.Invoke(&a);
            }
    }

    /// <summary>y[key, j] += Σ scores[key, query] · x[query, j].</summary>
    public static void ByKey(in AttentionShape s, in BlockMask mask, int keys, int queries, float* scores, float* x, float* y)
    {
        var (rows, columns, width) = (s.Kernel.Rows, s.Kernel.Columns, s.Width);
        var a = Arguments(Block, 1, width, width, 0, accumulate: true);
        for (int column = 0; column < width; column += columns)
            for (int key = 0; key < keys; key += rows)
            {
                int first = mask.FirstQuery(key);
                a.Steps = queries - first;
                if (a.Steps <= 0) break;
                a.A = scores + key * Block + first;
                a.B = x + first * width + column;
                a.C = y + key * width + column;
                s.Kernel.Invoke(&a);
            }
    }

    /// <summary>
    /// Copies rows of <paramref name="width"/> numbers times <paramref name="scale"/> into rows of <paramref name="padded"/>, zeros beyond, and zero
    /// rows up to <paramref name="paddedRows"/>.
    /// </summary>
    public static void CopyRows(float* source, long stride, int rows, int width, float* target, int padded, int paddedRows, float scale = 1)
    {
        for (int r = 0; r < rows; r++)
        {
            float* s = source + r * stride, t = target + (long)r * padded;
            for (int i = 0; i < width; i += Vec.Count)
            {
                int count = Math.Min(Vec.Count, width - i);
                Elementwise.StorePart(Elementwise.LoadPart(s + i, count) * scale, t + i, count);
            }
            if (width < padded) new Span<float>(t + width, padded - width).Clear();
        }
        if (rows < paddedRows) new Span<float>(target + (long)rows * padded, (paddedRows - rows) * padded).Clear();
    }

    private static KernelArguments Arguments(int rowStride, int stepStride, int bStride, int cStride, int steps, bool accumulate) => new()
    {
        RowStride = rowStride * sizeof(float),
        StepStride = stepStride * sizeof(float),
        BStride = bStride * sizeof(float),
        CStride = cStride * sizeof(float),
        Steps = steps,
        Accumulate = accumulate ? 1 : 0,
    };
}
