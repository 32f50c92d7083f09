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
    /// <param name="elementSize">Bytes of an element.</param>
    public void Add(void* first, long stride, long rows, int elementSize = sizeof(float))
    {
        if (first == null || !Sse.IsSupported) return;
        _slots[_count++] = new Rows((nint)first, stride * elementSize, Math.Min(rows, AttentionShape.QueryBlock), width * elementSize);
    }

    /// <summary>Fetches some of them.</summary>
    public void Next()
    {
        long end = _row + RowsAtOnce;
        for (int i = 0; i < _count; i++)
        {
            var (first, stride, count, bytes) = _slots[i];
            for (long row = _row; row < Math.Min(end, count); row++)
                for (int line = 0; line < bytes; line += Line) Sse.Prefetch1((byte*)first + row * stride + line);
        }
        _row = end;
    }

    private readonly record struct Rows(nint First, long Stride, long Count, int Bytes);

    /// <summary>Queries, keys, values, the output and its gradient, and three gradients.</summary>
    [InlineArray(8)]
    private struct Slots
    {
        private Rows _first;
    }
}
