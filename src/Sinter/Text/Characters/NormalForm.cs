using System.Buffers;

namespace Sinter.Text.Characters;

/// <summary>
/// Unicode's normal forms (UAX #15) with, for each code point made, what became of the text's own: 0 where it takes the place of one, 1 where it is
/// added after it, −n where it takes the place of one and of the n that follow. .NET's <c>Normalize</c> says nothing of that, and knows a newer Unicode.
/// </summary>
internal static class NormalForm
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Lazy<SearchValues<char>> Composed = new(static () => SearchValues.Create([.. StableWhenComposed()]));

    /// <summary>Whether it is seen at once that a text is its own composition: each of its characters is, whatever stands beside it.</summary>
    public static bool IsComposed(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('\0', '\u02FF') < 0 || text.IndexOfAnyExcept(Composed.Value) < 0;

    private static IEnumerable<char> StableWhenComposed()
    {
        HashSet<int> seconds = [.. CharTable.SecondsOfComposites];
        for (int c = 0; c < 0x10000; c++)
        {
            if (char.IsSurrogate((char)c) || CharTable.CombiningClass(c) != 0 || seconds.Contains(c)) continue;
            if (c is >= VowelBase and < VowelBase + Vowels or > TrailBase and < TrailBase + Trails) continue;
            List<TextChange> composed = Compose(Decompose([(char)c], compatibility: false));
            if (composed.Count == 1 && composed[0].CodePoint == c) yield return (char)c;
        }
    }

    /// <summary>The decomposition of a text in canonical order.</summary>
    public static List<TextChange> Decompose(ReadOnlySpan<char> text, bool compatibility)
    {
        List<TextChange> made = new(text.Length);
        int pending = 0;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.At(text, i, out int length);
            i += length;
            ReadOnlySpan<int> parts = CharTable.Decomposition(codePoint, compatibility);
            if (codePoint is >= SyllableBase and < SyllableBase + Syllables)
            {
                int s = codePoint - SyllableBase;
                Add(LeadBase + s / (Vowels * Trails), 0);
                Add(VowelBase + s % (Vowels * Trails) / Trails, 1);
                if (s % Trails > 0) Add(TrailBase + s % Trails, 1);
            }
            else if (parts.IsEmpty) Add(codePoint, 0);
            for (int p = 0; p < parts.Length; p++) Add(parts[p], p > 0 ? 1 : 0);
        }
        Sort(made, pending);
        return made;

        void Add(int codePoint, int change)
        {
            if (CharTable.CombiningClass(codePoint) == 0)
            {
                Sort(made, pending);
                pending = made.Count + 1;
            }
            made.Add(new(codePoint, change));
        }
    }

    /// <summary>The composition of what <see cref="Decompose"/> made.</summary>
    public static List<TextChange> Compose(List<TextChange> decomposed)
    {
        List<TextChange> made = new(decomposed.Count);
        int starter = -1, lastClass = 0;
        foreach (TextChange next in decomposed)
        {
            int combining = CharTable.CombiningClass(next.CodePoint);
            bool blocked = starter < 0 || lastClass != 0 && lastClass >= combining;
            int composite = blocked ? -1 : Composite(made[starter].CodePoint, next.CodePoint);
            if (composite >= 0)
            {
                made[starter] = new(composite, made[starter].Change + next.Change - 1);
                continue;
            }
            if (combining == 0) starter = made.Count;
            lastClass = starter < 0 ? 0 : combining;
            made.Add(next);
        }
        return made;
    }

    private static void Sort(List<TextChange> made, int start)
    {
        int count = made.Count - start;
        if (count < 2 || IsSorted(made, start)) return;
        TextChange[] sorted = [.. made.Skip(start).OrderBy(c => CharTable.CombiningClass(c.CodePoint))];
        made.RemoveRange(start, count);
        made.AddRange(sorted);
    }

    private static bool IsSorted(List<TextChange> made, int start)
    {
        for (int i = start + 1; i < made.Count; i++)
            if (CharTable.CombiningClass(made[i].CodePoint) < CharTable.CombiningClass(made[i - 1].CodePoint)) return false;
        return true;
    }

    private static int Composite(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((first - LeadBase) * Vowels + (second - VowelBase)) * Trails;
        if (first is >= SyllableBase and < SyllableBase + Syllables && (first - SyllableBase) % Trails == 0 && second is > TrailBase and < TrailBase + Trails)
            return first + (second - TrailBase);
        return CharTable.Composite(first, second);
    }
}

/// <summary>A code point of a new text, and what became of the old one's.</summary>
/// <param name="CodePoint">The code point.</param>
/// <param name="Change">0: in place of one; 1: added; −n: in place of one and of the n that follow it.</param>
internal readonly record struct TextChange(int CodePoint, int Change);
