using System.Buffers;

namespace Sinter.Text.BytePair;

/// <summary>
/// Applies merges to one word: the lowest rank first, of equal ranks the leftmost. The symbols are a linked list and the candidates a binary heap, so
/// a word of n bytes takes O(n log n), be it a megabyte of one character.
/// </summary>
internal ref struct WordMerger
{
    private readonly MergeTable _table;
    private readonly Span<int> _ids;
    private readonly Span<int> _previous;
    private readonly Span<int> _next;
    private readonly Span<ulong> _heap;
    private readonly Span<int> _starts;
    private int _count;

    private WordMerger(MergeTable table, Span<int> ids, Span<int> links, Span<ulong> heap, Span<int> starts)
    {
        _table = table;
        _ids = ids;
        _previous = links[..ids.Length];
        _next = links[ids.Length..];
        _heap = heap;
        _starts = starts;
    }

    /// <summary>Merges in place and gives the number of ids that remain at the front of <paramref name="ids"/>.</summary>
    /// <param name="table">The merges.</param>
    /// <param name="ids">The symbols.</param>
    /// <param name="starts">Becomes the index of the symbol at which each id begins; may be empty.</param>
    public static int Merge(MergeTable table, Span<int> ids, Span<int> starts = default)
    {
        if (ids.Length < 2)
        {
            starts.Clear();
            return ids.Length;
        }
        int[]? rentedLinks = null;
        ulong[]? rentedHeap = null;
        // Each merge takes one symbol away and adds at most two candidates.
        Span<int> links = ids.Length <= 64 ? stackalloc int[128] : rentedLinks = ArrayPool<int>.Shared.Rent(2 * ids.Length);
        Span<ulong> heap = ids.Length <= 64 ? stackalloc ulong[192] : rentedHeap = ArrayPool<ulong>.Shared.Rent(checked(3 * ids.Length));
        int count = new WordMerger(table, ids, links[..(2 * ids.Length)], heap, starts).Run();
        if (rentedLinks is not null) ArrayPool<int>.Shared.Return(rentedLinks);
        if (rentedHeap is not null) ArrayPool<ulong>.Shared.Return(rentedHeap);
        return count;
    }

    private int Run()
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < _ids.Length ? i + 1 : -1;
        }
        for (int i = 0; i + 1 < _ids.Length; i++) Offer(i);
        while (_count > 0) Apply(Pop());
        int kept = 0;
        for (int i = 0; i >= 0; i = _next[i])
        {
            if (!_starts.IsEmpty) _starts[kept] = i;
            _ids[kept++] = _ids[i];
        }
        return kept;
    }

    private void Apply(ulong candidate)
    {
        int at = (int)(uint)candidate, result = _table.Result((int)(candidate >> 32));
        int right = _ids[at] >= 0 ? _next[at] : -1;
        if (right < 0) return;
        // A candidate may be older than its symbols; what counts is that they still merge to the same id.
        int rank = _table.Rank(_ids[at], _ids[right]);
        if (rank < 0 || _table.Result(rank) != result) return;
        _ids[at] = result;
        _ids[right] = -1;
        _next[at] = _next[right];
        if (_next[at] >= 0) _previous[_next[at]] = at;
        if (_previous[at] >= 0) Offer(_previous[at]);
        if (_next[at] >= 0) Offer(at);
    }

    private void Offer(int at)
    {
        int rank = _table.Rank(_ids[at], _ids[_next[at]]);
        if (rank < 0) return;
        ulong key = (ulong)(uint)rank << 32 | (uint)at;
        int i = _count++;
        for (int parent; i > 0 && _heap[parent = (i - 1) / 2] > key; i = parent) _heap[i] = _heap[parent];
        _heap[i] = key;
    }

    private ulong Pop()
    {
        ulong top = _heap[0], last = _heap[--_count];
        int i = 0;
        for (int child; (child = 2 * i + 1) < _count; i = child)
        {
            if (child + 1 < _count && _heap[child + 1] < _heap[child]) child++;
            if (_heap[child] >= last) break;
            _heap[i] = _heap[child];
        }
        _heap[i] = last;
        return top;
    }
}
