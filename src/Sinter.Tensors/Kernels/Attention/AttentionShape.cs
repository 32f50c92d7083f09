using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>The numbers that the attention kernels share: extents, strides in elements, mask and block sizes.</summary>
internal unsafe struct AttentionShape
{
    private const int WantedTiles = 8;

    /// <summary>Queries of a block: a multiple of every micro-kernel's columns (32, 16) and of a group of a dropout mask.</summary>
    public const int QueryBlock = 64;

    /// <summary>Keys of a block: even, and a multiple of every micro-kernel's rows (12, 8, 6, 4).</summary>
    public const int KeyBlock = 96;

    public long Batch, Queries, Keys;
    public int Heads, KvHeads, HeadSize, Window;
    public float Scale, SoftCap, Dropout;
    public bool Causal;
    public DropoutKey DropoutKey;
    public DropoutMask DropoutMask;

    /// <summary>First element of each role, of <see cref="ElementSize"/> bytes; elements between rows, and between sequences.</summary>
    public byte* Q, K, V;
    public int ElementSize;
    public long QRow, KRow, VRow, QBatch, KBatch, VBatch;

    /// <summary>Segment of each key and of each query, [B, S] and [B, T], or null; and numbers between sequences.</summary>
    public int* KeySegments, QuerySegments;
    public long KeySegmentsBatch, QuerySegmentsBatch;

    /// <summary>The micro-kernel, and what follows from it and the head size.</summary>
    public MicroKernel Kernel { get; private set; }

    /// <summary>Head size rounded up to the micro-kernel's columns.</summary>
    public int Width { get; private set; }

    /// <summary>Steps of a head.</summary>
    public int HeadSteps { get; private set; }

    /// <summary>Steps between rows that are packed along the head; a multiple of 16.</summary>
    public int RowStride { get; private set; }

    public bool IsBFloat16 { get; private set; }

    public readonly int StepLength => IsBFloat16 ? 2 : 1;

    /// <summary>Keys rounded up to whole blocks.</summary>
    public readonly long PaddedKeys => MatrixPlan.RoundUp(Keys, KeyBlock);

    public readonly int GroupSize => Heads / KvHeads;

    /// <summary>Sequences times key and value heads.</summary>
    public readonly long Groups => Batch * KvHeads;

    /// <summary>Pieces of work of a group: each block of queries of each of its heads.</summary>
    public readonly int Units => checked((int)((Queries + QueryBlock - 1) / QueryBlock * GroupSize));

    /// <summary>
    /// Tiles of a group, where groups alone would be few: tile i takes every piece of work whose number leaves the remainder i, so that each has its
    /// share of the heads, or of early and late blocks.
    /// </summary>
    public readonly int Splits => (int)Math.Min(Units, Math.Max(1, (WantedTiles + Groups - 1) / Groups));

    /// <summary>The sequence and the key and value head of a tile.</summary>
    public readonly (long Batch, int KvHead) Place(int tile) => (tile / Splits / KvHeads, tile / Splits % KvHeads);

    /// <summary>What a score is multiplied with before two is raised to it: the scale, where no cap has used it already.</summary>
    public readonly float Factor => (CapsScores ? 1 : Scale) * ScoreExp.Log2E;

    /// <summary>Whether scores are scaled before anything else: for the cap, and where the largest would become the smallest.</summary>
    public readonly bool CapsScores => SoftCap != 0 || Scale < 0;

    /// <summary>How many steps hold <paramref name="count"/> numbers.</summary>
    public readonly int Steps(int count) => IsBFloat16 ? count + 1 >> 1 : count;

    /// <summary>Sets the micro-kernel; the head size is there already.</summary>
    public void Use(MicroKernel kernel)
    {
        (Kernel, IsBFloat16) = (kernel, kernel.IsBFloat16);
        Width = (int)MatrixPlan.RoundUp(HeadSize, kernel.Columns);
        HeadSteps = Steps(HeadSize);
        RowStride = IsBFloat16 ? (int)MatrixPlan.RoundUp(HeadSteps, Vec.Count) : Width;
    }

    /// <summary>The first key that query <paramref name="query"/> sees.</summary>
    public readonly long FirstKey(long query) => Window == 0 ? 0 : Math.Max(0, query + Keys - Queries - Window + 1);

    /// <summary>One past the last key that query <paramref name="query"/> sees.</summary>
    public readonly long EndKey(long query) => Causal ? Math.Clamp(query + Keys - Queries + 1, 0, Keys) : Keys;

    /// <summary>The first block of keys that some query from <paramref name="query"/> on sees.</summary>
    public readonly long FirstBlock(long query) => FirstKey(query) / KeyBlock * KeyBlock;

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

    public readonly byte* Query(long batch, int head, long row) => Q + QueryOffset(batch, head, row) * ElementSize;

    public readonly byte* Key(long batch, int kvHead, long row) => K + KeyOffset(batch, kvHead, row) * ElementSize;

    public readonly byte* Value(long batch, int kvHead, long row) => V + ValueOffset(batch, kvHead, row) * ElementSize;

    /// <summary>Elements before a query in its role, and in the role's gradient.</summary>
    public readonly long QueryOffset(long batch, int head, long row) => batch * QBatch + row * QRow + (long)head * HeadSize;

    /// <inheritdoc cref="QueryOffset"/>
    public readonly long KeyOffset(long batch, int kvHead, long row) => batch * KBatch + row * KRow + (long)kvHead * HeadSize;

    /// <inheritdoc cref="QueryOffset"/>
    public readonly long ValueOffset(long batch, int kvHead, long row) => batch * VBatch + row * VRow + (long)kvHead * HeadSize;

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
        new ReadOnlySpan<int>(QuerySegments + batch * QuerySegmentsBatch + query, queries).CopyTo(new Span<int>(target, QueryBlock));
        return target;
    }
}
