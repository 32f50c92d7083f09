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

    /// <summary>First element of each role, elements between rows, and between sequences.</summary>
    public float* Q, K, V;
    public long QRow, KRow, VRow, QBatch, KBatch, VBatch;

    public readonly int GroupSize => Heads / KvHeads;

    /// <summary>Head size rounded up to the micro-kernel's columns.</summary>
    public readonly int Width => (int)MatrixPlan.RoundUp(HeadSize, Kernel.Columns);

    /// <summary>Keys rounded up to whole blocks.</summary>
    public readonly long PaddedKeys => MatrixPlan.RoundUp(Keys, Block);

    /// <summary>The first key that query <paramref name="query"/> sees.</summary>
    public readonly long FirstKey(long query) => Window == 0 ? 0 : Math.Max(0, query + Keys - Queries - Window + 1);

    /// <summary>One past the last key that query <paramref name="query"/> sees.</summary>
    public readonly long EndKey(long query) => Causal ? Math.Clamp(query + Keys - Queries + 1, 0, Keys) : Keys;

    /// <summary>The first block of keys that some query from <paramref name="query"/> on sees.</summary>
    public readonly long FirstBlock(long query) => FirstKey(query) / Block * Block;

    public readonly float* Query(long batch, int head, long row) => Q + batch * QBatch + row * QRow + (long)head * HeadSize;

    public readonly float* Key(long batch, int kvHead, long row) => K + batch * KBatch + row * KRow + (long)kvHead * HeadSize;

    public readonly float* Value(long batch, int kvHead, long row) => V + batch * VBatch + row * VRow + (long)kvHead * HeadSize;
}
