using Sinter.Tensors;

namespace Sinter.Data;

/// <summary>The sequences of one window of a pass, in buckets of similar length that come in random order.</summary>
internal sealed class BucketWindow(ISequenceLengths sequences, LengthBuckets options)
{
    private const int LengthBits = 25;

    // "BUCK" in ASCII: it keeps this use of the seed apart from the others.
    private const ulong Stream = 0x4255434BUL << 32;

    // By place in the window: the sequence, and the place where its bucket ends. Sorted apart, then put in the buckets' order.
    private readonly long[] _sorted = new long[Math.Min(options.Window, sequences.Count)], _sequences = new long[Math.Min(options.Window, sequences.Count)];
    private readonly int[] _ends = new int[Math.Min(options.Window, sequences.Count)];
    private readonly List<int> _cuts = [];
    private long _pass = -1, _first, _count;

    /// <summary>The sequence of the text at a position of the pass.</summary>
    public long this[long position] => _sequences[position - _first];

    /// <summary>Whether a position lies in the window that is loaded.</summary>
    public bool Holds(long pass, long position) => pass == _pass && position >= _first && position < _first + _count;

    /// <summary>The sequences from a position to the end of its bucket.</summary>
    public long LeftInBucket(long position) => _ends[position - _first] - (position - _first);

    /// <summary>Loads the window of a position.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="position">The position.</param>
    /// <param name="order">The pass's order.</param>
    /// <param name="seed">Decides the order of the buckets.</param>
    public void Load(long pass, long position, SeededPermutation order, ulong seed)
    {
        (_pass, _first) = (pass, position / _sorted.Length * _sorted.Length);
        _count = Math.Min(_sorted.Length, sequences.Count - _first);
        for (long i = 0; i < _count; i++)
        {
            long sequence = order[_first + i];
            _sorted[i] = sequence << LengthBits | (long)sequences.LengthOf(sequence);
        }
        Array.Sort(_sorted, 0, (int)_count, ByLength.Instance);
        Cut();
        Lay(new SeededPermutation(_cuts.Count - 1, Philox.Block(seed, (ulong)_first, Stream + (ulong)pass).Low, 0));
    }

    private void Cut()
    {
        _cuts.Clear();
        long targets = 0;
        for (int i = 0; i < _count; i++)
        {
            long length = Length(_sorted[i]);
            if (i == 0 || targets + length > options.Targets)
            {
                _cuts.Add(i);
                targets = 0;
            }
            targets += length;
        }
        _cuts.Add((int)_count);
    }

    private void Lay(SeededPermutation order)
    {
        int place = 0;
        for (int i = 0; i + 1 < _cuts.Count; i++)
        {
            int bucket = (int)order[i], end = place + _cuts[bucket + 1] - _cuts[bucket];
            for (int from = _cuts[bucket]; place < end; place++) (_sequences[place], _ends[place]) = (_sorted[from++] >> LengthBits, end);
        }
    }

    private static long Length(long entry) => entry & ((1L << LengthBits) - 1);

    /// <summary>The longest first, then in the order of the text: a total order, so that any sort gives the same.</summary>
    private sealed class ByLength : IComparer<long>
    {
        public static readonly ByLength Instance = new();

        public int Compare(long x, long y) => Length(x) != Length(y) ? Length(y).CompareTo(Length(x)) : x.CompareTo(y);
    }
}
