using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Which queries of a block see which keys of a block; both counted from the blocks' beginnings.</summary>
internal unsafe struct BlockMask
{
    /// <summary>Query q stands at key q + Offset.</summary>
    public int Offset;

    /// <summary>How many keys a query sees at most, counted back from its position; 0 is all.</summary>
    public int Window;

    public bool Causal;

    /// <summary>Segments of the block's queries, padded to a block, and of its keys; null where there are none.</summary>
    public int* QuerySegments, KeySegments;

    /// <summary>One past the last of <paramref name="keys"/> keys that some query up to <paramref name="query"/> may see.</summary>
    public readonly int End(int query, int keys) => Causal ? Math.Clamp(query + Offset + 1, 0, keys) : keys;

    /// <summary>The first query that may see a key from <paramref name="key"/> on.</summary>
    public readonly int FirstQuery(int key) => Causal ? Math.Max(0, key - Offset) : 0;

    /// <summary>The first column of the first product tile with a query that may see a key from <paramref name="key"/> on.</summary>
    public readonly int FirstTile(in AttentionShape s, int key) => FirstQuery(key) & -s.Kernel.Columns;

    /// <summary>Whether the ranges of the blocks' segments do not meet, so that no query sees a key. Where all are one segment, the mask forgets segments:
    /// they hide nothing.</summary>
    public bool IsEmpty(int queries, int keys)
    {
        if (KeySegments == null) return false;
        var (low, high) = Range(QuerySegments, queries);
        var (keyLow, keyHigh) = Range(KeySegments, keys);
        if (low == keyHigh && high == keyLow) QuerySegments = KeySegments = null;
        return high < keyLow || keyHigh < low;
    }

    /// <summary>Whether all of the sixteen queries from <paramref name="query"/> on see <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool SeesAll(int query, int key) =>
        KeySegments == null && (!Causal || key <= query + Offset) && (Window == 0 || key > query + Vec.Count - 1 + Offset - Window);

    /// <summary>All bits where a query from <paramref name="query"/> on sees <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vec Sees(int query, int key)
    {
        Vector512<int> position = Vector512<int>.Indices + Vector512.Create(query + Offset), at = Vector512.Create(key),
            seen = Vector512<int>.AllBitsSet;
        if (Causal) seen = Vector512.GreaterThanOrEqual(position, at);
        if (Window > 0) seen &= Vector512.GreaterThan(at + Vector512.Create(Window), position);
        if (KeySegments != null) seen &= Vector512.Equals(Vector512.Load(QuerySegments + query), Vector512.Create(KeySegments[key]));
        return seen.AsSingle();
    }

    /// <summary>
    /// Scores of the sixteen queries from <paramref name="query"/> on become −∞ for the keys, up to <paramref name="keys"/>, that they do not see.
    /// </summary>
    public readonly void Hide(float* scores, int query, int keys)
    {
        int low = Window == 0 ? 0 : Math.Clamp(query + Vec.Count + Offset - Window, 0, keys),
            high = Causal ? Math.Clamp(query + Offset + 1, 0, keys) : keys;
        if (KeySegments != null || low >= high) (low, high) = (keys, keys);
        for (int key = 0; key < low; key++) HideKey(scores, query, key);
        for (int key = high; key < keys; key++) HideKey(scores, query, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void HideKey(float* scores, int query, int key)
    {
        float* s = scores + key * AttentionShape.QueryBlock;
        Vector512.Store(Vector512.ConditionalSelect(Sees(query, key), Vector512.Load(s), Vector512.Create(float.NegativeInfinity)), s);
    }

    private static (int Low, int High) Range(int* values, int count)
    {
        var (low, high) = (int.MaxValue, int.MinValue);
        foreach (int value in new ReadOnlySpan<int>(values, count)) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }
}
