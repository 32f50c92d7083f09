using System.Runtime.InteropServices;

namespace Sinter.Text.Training;

/// <summary>How often each word occurs in texts. For one thread; counts of parts are added up.</summary>
internal sealed class WordCounts
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Counts nothing yet.</summary>
    public WordCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words and their counts, in no certain order.</summary>
    public IReadOnlyCollection<KeyValuePair<string, long>> Words => _counts;

    /// <summary>Counts a word.</summary>
    public void Add(ReadOnlySpan<char> word) => CollectionsMarshal.GetValueRefOrAddDefault(_lookup, word, out _)++;

    /// <summary>Adds the counts of another part.</summary>
    public void Add(WordCounts other)
    {
        foreach ((string word, long count) in other._counts) CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _) += count;
    }
}
