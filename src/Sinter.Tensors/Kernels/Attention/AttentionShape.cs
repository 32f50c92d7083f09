using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>The numbers that the attention kernels share: extents, strides in elements, mask and block sizes.</summary>
internal unsafe struct AttentionShape
{
    /// <summary>Queries and keys of a block: a multiple of every micro-kernel's rows and columns (12, 6, 4; 32, 16).</summary>
    public const int Block = 96;

    public MicroKernel Kernel;
    public long Batch, Queries, Keys;
    public int Heads, KvHeads, HeadSize, Window;
    public float Scale, SoftCap, Dropout;
    public bool Causal;
    public DropoutKey DropoutKey;
    public DropoutMask DropoutMask;

    /// <summary>First element of each role, elements between rows, and between sequences.</summary>
    public float* Q, K, V;
    public long QRow, KRow, VRow, QBatch, KBatch, VBatch;

    /// <summary>Segment of each key and of each query, [B, S] and [B, T], or null; and numbers between sequences.</summary>
    public int* KeySegments, QuerySegments;
    public long KeySegmentsBatch, QuerySegmentsBatch;

    /// <summary>Head size rounded up to the micro-kernel's columns.</summary>
    public int Width;

    /// <summary>Keys rounded up to whole blocks.</summary>
    public long PaddedKeys;

    public readonly int GroupSize => Heads / KvHeads;

    /// <summary>The first key that query <paramref name="query"/> sees.</summary>
    public readonly long FirstKey(long query) => Window == 0 ? 0 : Math.Max(0, query + Keys - Queries - Window + 1);

    /// <summary>One past the last key that query <paramref name="query"/> sees.</summary>
    public readonly long EndKey(long query) => Causal ? Math.Clamp(query + Keys - Queries + 1, 0, Keys) : Keys;

    /// <summary>The first block of keys that some query from <paramref name="query"/> on sees.</summary>
    public readonly long FirstBlock(long query) => FirstKey(query) / Block * Block;

    /// <summary>Multiplications and additions of one product over the pairs of a query and a key that it sees, segments aside.</summary>
    public readonly double ProductOperations
    {
        get
        {
            double pairs = 0;
            for (long query = 0; query < Queries; query++) pairs += Math.Max(0, EndKey(query) - FirstKey(query));
            return 2 * pairs * HeadSize * Heads * Batch;
        }
    }

    public readonly float* Query(long batch, int head, long row) => Q + batch * QBatch + row * QRow + (long)head * HeadSize;

    public readonly float* Key(long batch, int kvHead, long row) => K + batch * KBatch + row * KRow + (long)kvHead * HeadSize;

    public readonly float* Value(long batch, int kvHead, long row) => V + batch * VBatch + row * VRow + (long)kvHead * HeadSize;

    /// <summary>What the queries from <paramref name="query"/> on see of the keys from <paramref name="key"/> on.</summary>
    /// <param name="segments">The queries' segments, padded to a block; null where there are none.</param>
    public readonly BlockMask Mask(long batch, long query, long key, int* segments) => new()
    {
        Offset = (int)(query + Keys - Queries - key),
        Causal = Causal,
        Window = Window,
        QuerySegments = segments,
        KeySegments = segments == null ? null : KeySegments + batch * KeySegmentsBatch + key,
    };

    /// <summary>Copies the segments of a block of queries to where whole vectors can be read; null where there are none.</summary>
    public readonly int* CopySegments(long batch, long query, int queries, int* target)
    {
        if (KeySegments == null) return null;
        new ReadOnlySpan<int>(QuerySegments + batch * QuerySegmentsBatch + query, queries).CopyTo(new Span<int>(target, Block));
        return target;
    }
}
