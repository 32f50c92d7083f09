using System.Text;
using Sinter.Text.Training;

namespace Sinter.Tests.Text.Training;

public sealed class SeedPiecesTests
{
    private const int Longest = 6;

    /// <summary>Against all substrings: those are there that occur twice and more often than each longer one that begins with them.</summary>
    [Fact]
    public void Frequent_substrings_come_with_their_counts()
    {
        Random random = new(5);
        for (int n = 0; n < 100; n++)
        {
            string[] letters = n % 2 == 0 ? ["a", "b"] : ["a", "b", "😀", "🎈", "é"];
            Dictionary<string, long> words = [];
            for (int i = random.Next(1, 12); i > 0; i--)
                words[string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => letters[random.Next(letters.Length)]))] = random.Next(1, 4);
            Dictionary<string, long> counts = [];
            foreach ((string word, long count) in words)
                foreach (string piece in Substrings(word)) counts[piece] = counts.GetValueOrDefault(piece) + count;
            IEnumerable<string> expected = counts.Where(c => c.Value >= 2 && c.Key.EnumerateRunes().Count() >= 2
                && !counts.Any(o => o.Value == c.Value && o.Key.Length > c.Key.Length && o.Key.StartsWith(c.Key, StringComparison.Ordinal)))
                .Select(c => $"{c.Key} {c.Value}");
            KeyValuePair<string, long>[] found = [.. new SeedPieces([.. words], Longest).Take(int.MaxValue)];
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(f => $"{f.Key} {f.Value}").Order(StringComparer.Ordinal));
            long[] cover = [.. found.Select(f => f.Value * f.Key.EnumerateRunes().Count())];
            Assert.Equal(cover.OrderDescending(), cover);
            Assert.Equal(found.Take(3), new SeedPieces([.. words], Longest).Take(3));
        }
    }

    private static IEnumerable<string> Substrings(string word)
    {
        Rune[] runes = [.. word.EnumerateRunes()];
        for (int start = 0; start < runes.Length; start++)
        {
            StringBuilder piece = new();
            for (int end = start; end < runes.Length && piece.Append(runes[end]).Length <= Longest; end++) yield return piece.ToString();
        }
    }
}
