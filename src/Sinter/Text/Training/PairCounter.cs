namespace Sinter.Text.Training;

/// <summary>
/// The words of a training text as ids, and how often each pair of neighbours occurs. A merge visits only the words that hold its pair and changes
/// the counts of the pairs around it. A queued count may be out of date; it is looked at again when the pair comes to the front.
/// </summary>
internal sealed class PairCounter
{
    private readonly List<int[]> _words = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<ulong, PairState> _pairs = [];
    private readonly List<PairState> _touched = [];
    private readonly PairQueue _queue = new();

    /// <summary>Adds a word, as ids that it keeps, which occurs <paramref name="count"/> times.</summary>
    public void Add(int[] ids, long count)
    {
        if (ids.Length < 2) return;
        int index = _words.Count;
        _words.Add(ids);
        _lengths.Add(ids.Length);
        _counts.Add(count);
        for (int i = 0; i + 1 < ids.Length; i++) Appeared(ids[i], ids[i + 1], count, index);
    }

    /// <summary>Queues the pairs that came up since the last call.</summary>
    public void QueueNew()
    {
        foreach (PairState pair in _touched)
        {
            if (pair.Count > 0) _queue.Push(new(pair, pair.Count, pair.NewWords!));
            pair.NewWords = null;
        }
        _touched.Clear();
    }

    /// <summary>Takes the most frequent pair, unless it is rarer than <paramref name="minFrequency"/>.</summary>
    public bool TryPop(long minFrequency, out PairCandidate top)
    {
        top = default;
        while (!_queue.IsEmpty)
        {
            top = _queue.Pop();
            if (top.Count == top.Pair.Count) return top.Count >= minFrequency;
            if (top.Pair.Count > 0) _queue.Push(top with { Count = top.Pair.Count });
        }
        return false;
    }

    /// <summary>Puts <paramref name="result"/> in the place of the pair in the candidate's words.</summary>
    public void Merge(in PairCandidate candidate, int result)
    {
        foreach (int word in candidate.Words) Merge(word, candidate.Pair.Left, candidate.Pair.Right, result);
        QueueNew();
    }

    private void Merge(int word, int left, int right, int result)
    {
        Span<int> ids = _words[word].AsSpan(0, _lengths[word]);
        long count = _counts[word];
        int kept = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != left || i + 1 == ids.Length || ids[i + 1] != right)
            {
                ids[kept++] = ids[i];
                continue;
            }
            if (kept > 0)
            {
                Disappeared(ids[kept - 1], left, count);
                Appeared(ids[kept - 1], result, count, word);
            }
            ids[kept++] = result;
            if (++i + 1 == ids.Length) break;
            Disappeared(right, ids[i + 1], count);
            Appeared(result, ids[i + 1], count, word);
        }
        _lengths[word] = kept;
    }

    private void Appeared(int left, int right, long count, int word)
    {
        PairState pair = Pair(left, right);
        pair.Count += count;
        if (pair.NewWords is null)
        {
            pair.NewWords = [];
            _touched.Add(pair);
        }
        if (pair.NewWords.Count == 0 || pair.NewWords[^1] != word) pair.NewWords.Add(word);
    }

    private void Disappeared(int left, int right, long count) => Pair(left, right).Count -= count;

    private PairState Pair(int left, int right)
    {
        ulong key = (ulong)(uint)left << 32 | (uint)right;
        if (!_pairs.TryGetValue(key, out PairState? pair)) _pairs.Add(key, pair = new(key));
        return pair;
    }
}
