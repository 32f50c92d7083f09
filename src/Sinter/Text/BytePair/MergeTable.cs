namespace Sinter.Text.BytePair;

/// <summary>The merges of a byte-pair encoding: a pair of ids becomes one id, the pair of the lowest rank first.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<ulong, int> _ranks;
    private readonly int[] _results;

    /// <summary>Takes the merges in the order of their ranks. A pair that comes twice has its last rank.</summary>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        Merges = merges;
        _ranks = new(merges.Count);
        _results = new int[merges.Count];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            _ranks[Key(merges[rank].Left, merges[rank].Right)] = rank;
            _results[rank] = merges[rank].Result;
        }
    }

    /// <summary>The merges by rank.</summary>
    public IReadOnlyList<Merge> Merges { get; }

    /// <summary>The rank of a pair, or −1.</summary>
    public int Rank(int left, int right) => _ranks.TryGetValue(Key(left, right), out int rank) ? rank : -1;

    /// <summary>The id that the merge of a rank makes.</summary>
    public int Result(int rank) => _results[rank];

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}

/// <summary>Two adjacent ids and the id that takes their place.</summary>
internal readonly record struct Merge(int Left, int Right, int Result);
