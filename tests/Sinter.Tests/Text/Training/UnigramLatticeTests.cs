using Sinter.Text.Training;

namespace Sinter.Tests.Text.Training;

/// <summary>Against a list of all ways to write a text.</summary>
public sealed class UnigramLatticeTests
{
    private const double UnknownScore = -14;

    [Fact]
    public void Expected_counts_and_the_best_way_are_those_of_all_ways()
    {
        Random random = new(3);
        for (int n = 0; n < 200; n++)
        {
            string[] letters = n % 2 == 0 ? ["a", "b", "c"] : ["a", "😀", "é", "𐌰"];
            string[] pieces = [.. Enumerable.Range(0, 12).Select(_ => Text(random, letters, 4)).Distinct()];
            double[] scores = [.. pieces.Select(_ => random.Next(6) == 0 ? double.NegativeInfinity : -5 * random.NextDouble())];
            UnigramLattice lattice = new(new([.. pieces.Select((p, id) => KeyValuePair.Create(p, id))]), scores, UnknownScore);
            string text = Text(random, letters, 8);
            List<(double Score, int[] Ids)> ways = [.. Ways(text, pieces, scores)];
            double sum = ways.Sum(w => Math.Exp(w.Score));

            double[] expected = new double[pieces.Length], found = new double[pieces.Length];
            foreach ((double score, int[] ids) in ways)
                foreach (int id in ids.Where(i => i >= 0)) expected[id] += 3 * Math.Exp(score) / sum;
            lattice.Read(text);
            Assert.Equal(Math.Log(sum), lattice.AddExpected(3, found), 1e-9);
            Assert.All(expected.Zip(found), e => Assert.Equal(e.First, e.Second, 1e-9));

            List<int> best = [];
            double bestScore = lattice.Best(best);
            Assert.Equal(ways.Max(w => w.Score), bestScore, 1e-9);
            best.Reverse();
            Assert.Contains(ways, w => Math.Abs(w.Score - bestScore) < 1e-9 && w.Ids.SequenceEqual(best));
        }
    }

    [Fact]
    public void A_piece_may_be_left_out()
    {
        UnigramLattice lattice = new(new([new("ab", 0), new("a", 1), new("b", 2)]), [-1, -2, -2], UnknownScore);
        List<int> best = [];
        lattice.Read("ab");
        lattice.Best(best);
        Assert.Equal([0], best);
        lattice.Read("ab", without: 0);
        Assert.Equal(-4, lattice.Best(best));
        Assert.Equal([2, 1], best);
    }

    private static IEnumerable<(double Score, int[] Ids)> Ways(string text, string[] pieces, double[] scores)
    {
        if (text.Length == 0)
        {
            yield return (0, []);
            yield break;
        }
        string first = char.IsHighSurrogate(text[0]) ? text[..2] : text[..1];
        List<(string Piece, int Id, double Score)> starts = [.. pieces.Select((p, id) => (p, id, scores[id]))
            .Where(p => double.IsFinite(p.Item3) && text.StartsWith(p.p, StringComparison.Ordinal))];
        if (!starts.Any(s => s.Piece == first)) starts.Add((first, UnigramLattice.Unknown, UnknownScore));
        foreach ((string piece, int id, double score) in starts)
            foreach ((double rest, int[] ids) in Ways(text[piece.Length..], pieces, scores)) yield return (score + rest, [id, .. ids]);
    }

    private static string Text(Random random, string[] letters, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => letters[random.Next(letters.Length)]));
}
