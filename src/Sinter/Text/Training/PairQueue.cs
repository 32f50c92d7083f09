namespace Sinter.Text.Training;

/// <summary>A pair of ids while a tokenizer is trained.</summary>
internal sealed class PairState(ulong key)
{
    /// <summary>The left id in the upper half, the right one in the lower: orders pairs.</summary>
    public readonly ulong Key = key;

    /// <summary>How often the pair occurs, by the changes seen so far.</summary>
    public long Count;

    /// <summary>The words where the pair came up since it was last queued; null if none.</summary>
    public List<int>? NewWords;

    /// <summary>The left id.</summary>
    public int Left => (int)(Key >> 32);

    /// <summary>The right id.</summary>
    public int Right => (int)(uint)Key;
}

/// <summary>A pair with its count at the time it was queued, and words that hold it.</summary>
internal readonly record struct PairCandidate(PairState Pair, long Count, List<int> Words);

/// <summary>A heap of pairs: the highest count first, of equal counts the smallest ids.</summary>
internal sealed class PairQueue
{
    private PairCandidate[] _items = new PairCandidate[1024];
    private int _count;

    /// <summary>Whether nothing is queued.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Queues a pair.</summary>
    public void Push(in PairCandidate item)
    {
        if (_count == _items.Length) Array.Resize(ref _items, 2 * _count);
        int i = _count++;
        for (int parent; i > 0 && Before(item, _items[parent = (i - 1) / 2]); i = parent) _items[i] = _items[parent];
        _items[i] = item;
    }

    /// <summary>Takes the first pair.</summary>
    public PairCandidate Pop()
    {
        PairCandidate top = _items[0], last = _items[--_count];
        int i = 0;
        for (int child; (child = 2 * i + 1) < _count; i = child)
        {
            if (child + 1 < _count && Before(_items[child + 1], _items[child])) child++;
            if (!Before(_items[child], last)) break;
            _items[i] = _items[child];
        }
        _items[i] = last;
        _items[_count] = default;
        if (_count == 0) _items[0] = default;
        return top;
    }

    private static bool Before(in PairCandidate a, in PairCandidate b) => a.Count != b.Count ? a.Count > b.Count : a.Pair.Key < b.Pair.Key;
}
