namespace Sinter.Text.BytePair;

/// <summary>
/// Remembers the tokens of recent words in a fixed number of slots. Threads share it without locks: a slot holds one reference to an immutable entry,
/// and a lost write only costs a later computation.
/// </summary>
internal sealed class WordCache<T>
{
    private const int Slots = 1 << 15;
    private const int LongestWord = 64;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>Finds the tokens of a word.</summary>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<T> tokens)
    {
        Entry? entry = word.Length <= LongestWord ? Volatile.Read(ref _entries[Slot(word)]) : null;
        bool found = entry is not null && word.SequenceEqual(entry.Word);
        tokens = found ? entry!.Tokens : default;
        return found;
    }

    /// <summary>Remembers the tokens of a word that is not too long.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<T> tokens)
    {
        if (word.Length <= LongestWord) Volatile.Write(ref _entries[Slot(word)], new(word.ToString(), tokens.ToArray()));
    }

    /// <summary>FNV-1a with a final mix: words are a few characters, and a hostile text only makes misses.</summary>
    private static int Slot(ReadOnlySpan<char> word)
    {
        uint hash = 2166136261;
        foreach (char c in word) hash = (hash ^ c) * 16777619;
        hash ^= hash >> 15;
        return (int)(hash * 0x9E3779B1 >> 17);
    }

    private sealed record Entry(string Word, T[] Tokens);
}
