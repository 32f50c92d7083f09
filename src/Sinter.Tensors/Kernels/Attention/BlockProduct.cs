using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Products of packed blocks, straight through the micro-kernel. Extents are rounded up to its tile; the blocks have room for that, and what comes
/// out beyond is never read. Tiles and steps that a causal mask hides whole are left out.
/// </summary>
internal static unsafe class BlockProduct
{
    private const int Block = AttentionShape.QueryBlock, Word = sizeof(uint);

    /// <summary>
    /// scores[key, query] = Σ x[key, i] · y[query, i] for as many keys as the micro-kernel has rows, and the queries from <paramref name="first"/>, a
    /// multiple of its columns, to <paramref name="queries"/>.
    /// </summary>
    public static void Scores(in AttentionShape s, uint* x, uint* turned, float* scores, int first, int queries)
    {
        int columns = s.Kernel.Columns;
        var a = new KernelArguments
        {
            A = x,
            RowStride = s.RowStride * Word,
            StepStride = Word,
            BStride = Block * Word,
            CStride = Block * Word,
            Steps = s.HeadSteps,
        };
        for (int query = first; query < queries; query += columns)
        {
            a.B = turned + query;
            a.C = scores + query;
            s.Kernel.Invoke(&a);
        }
    }

    /// <summary>y[query, j] = or += Σ weights[key, query] · x[key, j]; the weights in steps along the keys.</summary>
    public static void ByQuery(in AttentionShape s, in BlockMask mask, int keys, int queries, uint* weights, uint* x, float* y, bool accumulate)
    {
        int rows = s.Kernel.Rows, width = s.Width;
        var a = Arguments(s, Word, Block * Word, accumulate);
        for (int query = 0; query < queries; query += rows, y += rows * width)
        {
            a.Steps = s.Steps(mask.End(Math.Min(query + rows, queries) - 1, keys));
            if (a.Steps > 0) Columns(s, ref a, weights + query, x, y);
            else if (!accumulate) new Span<float>(y, rows * width).Clear();
        }
    }

    /// <summary>
    /// y[key, j] = or += Σ weights[key, query] · x[query, j] for as many keys as the micro-kernel has rows, over the queries from
    /// <paramref name="first"/> to <paramref name="queries"/>; the weights in steps along the queries.
    /// </summary>
    public static void ByKey(in AttentionShape s, uint* weights, uint* x, float* y, int first, int queries, bool accumulate)
    {
        first /= s.StepLength;
        var a = Arguments(s, Block / s.StepLength * Word, Word, accumulate);
        a.Steps = s.Steps(queries) - first;
        Columns(s, ref a, weights + first, x + first * s.Width, y);
    }

    private static void Columns(in AttentionShape s, ref KernelArguments arguments, uint* weights, uint* x, float* y)
    {
        var a = arguments;
        a.A = weights;
        for (int column = 0; column < s.HeadSize; column += s.Kernel.Columns)
        {
            a.B = x + column;
            a.C = y + column;
            s.Kernel.Invoke(&a);
        }
    }

    private static KernelArguments Arguments(in AttentionShape s, int rowStride, int stepStride, bool accumulate) => new()
    {
        RowStride = rowStride,
        StepStride = stepStride,
        BStride = s.Width * Word,
        CStride = s.Width * Word,
        Accumulate = accumulate ? 1 : 0,
    };
}
