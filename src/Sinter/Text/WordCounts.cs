using System.Runtime.InteropServices;

namespace Sinter.Text;

/// <summary>How often each word occurs in texts. For one thread; counts of parts are added up.</summary>
internal sealed class WordCounts(SplitPattern pattern)
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>The words and their counts, in no certain order.</summary>
    public IReadOnlyCollection<KeyValuePair<string, long>> Words => _counts;

    /// <summary>Counts the words of a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int start = 0; start < text.Length;)
        {
            int end = WordSplitter.Next(pattern, text, start);
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, text[start..end], out _)++;
            start = end;
        }
    }

    /// <summary>Adds the counts of another part.</summary>
    public void Add(WordCounts other)
    {
        foreach ((string word, long count) in other._counts) CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _) += count;
    }
}
