using System.Text;

namespace Sinter.Text.Training;

/// <summary>
/// The frequent substrings of words, from which a unigram vocabulary is pruned: of all substrings that occur at the same places only the longest, which
/// are the inner nodes and leaves of a suffix tree. All suffixes are sorted, cut to the longest piece, and nodes are runs of suffixes with a common
/// beginning (Kasai et al., "Linear-Time Longest-Common-Prefix Computation in Suffix Arrays", 2001, on enumerating them).
/// </summary>
internal sealed class SeedPieces
{
    private readonly string _text;
    private readonly byte[] _room;
    private readonly int[] _suffixes;
    private readonly long[] _countsBefore;

    /// <summary>Takes words with their counts, and the longest piece in UTF-16 units, below 256.</summary>
    public SeedPieces(IReadOnlyList<KeyValuePair<string, long>> words, int longest)
    {
        int length = checked((int)words.Sum(w => (long)w.Key.Length));
        StringBuilder text = new(length);
        (_room, _suffixes) = (new byte[length], new int[length]);
        int[] wordOf = new int[length];
        int count = 0;
        for (int w = 0; w < words.Count; w++)
        {
            string word = words[w].Key;
            for (int i = 0; i < word.Length; i++)
            {
                if (i > 0 && char.IsSurrogatePair(word[i - 1], word[i])) continue;
                int at = text.Length + i;
                int room = Math.Min(longest, word.Length - i);
                bool cut = i + room < word.Length && char.IsSurrogatePair(word[i + room - 1], word[i + room]);
                (_suffixes[count++], _room[at], wordOf[at]) = (at, (byte)(cut ? room - 1 : room), w);
            }
            text.Append(word);
        }
        _text = text.ToString();
        Array.Resize(ref _suffixes, count);
        _suffixes.AsSpan().Sort((a, b) => Suffix(a).SequenceCompareTo(Suffix(b)));
        _countsBefore = new long[count + 1];
        for (int i = 0; i < count; i++) _countsBefore[i + 1] = _countsBefore[i] + words[wordOf[_suffixes[i]]].Value;
    }

    /// <summary>The pieces of two characters and more that occur at least twice, the ones that cover most text first, and how often they occur.</summary>
    public IEnumerable<KeyValuePair<string, long>> Take(int most)
    {
        List<Piece> found = Find();
        found.Sort((a, b) => a.Cover != b.Cover ? b.Cover.CompareTo(a.Cover) : a.Order.CompareTo(b.Order));
        foreach (Piece piece in found.Take(most)) yield return new(_text.Substring(piece.Start, piece.Length), piece.Count);
    }

    private List<Piece> Find()
    {
        List<Piece> found = [];
        Stack<(int Length, int First)> open = new();
        for (int i = 0; i < _suffixes.Length; i++)
        {
            int shared = i == 0 ? 0 : Shared(_suffixes[i - 1], _suffixes[i]), first = i;
            // The suffix before this one ends all runs that are longer than what the two share.
            while (open.TryPeek(out var run) && run.Length > shared)
            {
                open.Pop();
                Add(found, run.Length, run.First, i);
                first = run.First;
            }
            if (shared > 0 && (!open.TryPeek(out var top) || top.Length < shared)) open.Push((shared, first));
            if (!open.TryPeek(out top) || top.Length < _room[_suffixes[i]]) open.Push((_room[_suffixes[i]], i));
        }
        while (open.TryPop(out var run)) Add(found, run.Length, run.First, _suffixes.Length);
        return found;
    }

    private void Add(List<Piece> found, int length, int first, int end)
    {
        long count = _countsBefore[end] - _countsBefore[first];
        int start = _suffixes[first];
        ReadOnlySpan<char> piece = _text.AsSpan(start, length);
        int characters = length;
        for (int i = 1; i < length; i++)
            if (char.IsSurrogatePair(piece[i - 1], piece[i])) characters--;
        if (count < 2 || characters < 2) return;
        found.Add(new(start, length, count, count * characters, found.Count));
    }

    private int Shared(int a, int b)
    {
        int length = Suffix(a).CommonPrefixLength(Suffix(b));
        return length > 0 && char.IsHighSurrogate(_text[b + length - 1]) ? length - 1 : length;
    }

    private ReadOnlySpan<char> Suffix(int start) => _text.AsSpan(start, _room[start]);

    private readonly record struct Piece(int Start, int Length, long Count, long Cover, int Order);
}
