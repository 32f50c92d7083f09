using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Fetches rows of heads that are needed soon into the second-level cache, some at a time while blocks are multiplied: a head's numbers are a line or two, and
/// the next row's lie too far away for the processor to foresee.
/// </summary>
/// <param name="width">Numbers of a head.</param>
internal unsafe struct RowsAhead(int width)
{
    private const int Line = 64, RowsAtOnce = 8;
    private Slots _slots;
    private int _count;
    private long _row;

    /// <summary>Adds rows.</summary>
    /// <param name="first">Their first number; null is none.</param>
    /// <param name="stride">Elements between them.</param>
    /// <param name="rows">How many; of many only a block's.</param>
    public void Add(float* first, long stride, long rows)
    {
        if (first == null || !Sse.IsSupported) return;
        _slots[_count++] = new Rows((nint)first, stride * sizeof(float), Math.Min(rows, AttentionShape.QueryBlock));
    }

    /// <summary>Fetches some of them.</summary>
    public void Next()
    {
        long end = _row + RowsAtOnce;
        for (int i = 0; i < _count; i++)
        {
            var (first, stride, count) = _slots[i];
            for (long row = _row; row < Math.Min(end, count); row++)
                for (int line = 0; line < width * sizeof(float); line += Line) Sse.Prefetch1((byte*)first + row * stride + line);
        }
        _row = end;
    }

    private readonly record struct Rows(nint First, long Stride, long Count);

    /// <summary>Queries, keys, values, the output and its gradient, and three gradients.</summary>
    [InlineArray(8)]
    private struct Slots
    {
        private Rows _first;
    }
}
