using System.Text;
using Sinter.Text.Models;

namespace Sinter.Text.Training;

/// <summary>
/// Learns the pieces of a unigram model (Kudo, "Subword Regularization", 2018, section 3.2) as SentencePiece and Hugging Face's
/// <c>UnigramTrainer</c> do: begins with the frequent substrings, and in turn fits their probabilities by expectation maximization and drops those
/// whose loss costs the least likelihood. Differs in that substrings are counted in the text rather than in the list of its words, and in that the last
/// cut is by probability, as in SentencePiece. Words are taken in order and sums made in fixed blocks: the same pieces from any number of threads.
/// </summary>
/// <param name="VocabSize">The pieces wanted; there may be fewer.</param>
/// <param name="Required">Characters that are pieces whatever the text.</param>
/// <param name="Coverage">The share of the text's characters that single-character pieces must cover; the rarest are left unknown.</param>
/// <param name="LongestPiece">The longest piece, in UTF-16 units.</param>
/// <param name="ShrinkingFactor">What each turn leaves.</param>
internal sealed record UnigramLearner(int VocabSize, IReadOnlyCollection<Rune> Required, double Coverage = 0.9995, int LongestPiece = 16,
    double ShrinkingFactor = 0.75)
{
    private const int SubIterations = 2, MostSeeds = 1_000_000;
    private const double LeastExpected = 0.5;

    /// <summary>Learns from words and how often they occur; gives the pieces, the most probable first.</summary>
    public List<UnigramPiece> Learn(IEnumerable<KeyValuePair<string, long>> words, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        KeyValuePair<string, long>[] all = [.. words];
        Dictionary<Rune, long> covered = Cover(all);
        KeyValuePair<string, long>[] parts = [.. Parts(all, covered)];
        List<UnigramPiece> pieces = Seeds(parts, covered);
        // Pruning stops a tenth above the target: the last cut goes by probability.
        int wanted = VocabSize * 11 / 10, first = pieces.Count, before;
        do
        {
            UnigramTurn turn = new(pieces, parts, cancellation);
            for (int i = 0; i < SubIterations; i++) turn.Fit(LeastExpected);
            before = pieces.Count;
            pieces = turn.Pieces();
            if (pieces.Count > wanted) pieces = turn.Prune(Math.Max(wanted, (int)(pieces.Count * ShrinkingFactor)));
            else before = 0;
            progress?.Report(Share(first, pieces.Count, wanted));
        }
        while (pieces.Count < before);
        progress?.Report(1);
        return Finish(pieces, [.. covered.Keys.Concat(Required).Select(c => c.ToString())]);
    }

    /// <summary>The most frequent characters that together make up the wanted share of the text, and how often they occur.</summary>
    private Dictionary<Rune, long> Cover(KeyValuePair<string, long>[] words)
    {
        Dictionary<Rune, long> counts = [];
        foreach ((string word, long count) in words)
            foreach (Rune c in word.EnumerateRunes()) counts[c] = counts.GetValueOrDefault(c) + count;
        double left = counts.Values.Sum() * Coverage;
        Dictionary<Rune, long> covered = [];
        foreach ((Rune c, long count) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Value).Take(VocabSize / 2))
        {
            if (left <= 0) break;
            left -= count;
            covered.Add(c, count);
        }
        return covered;
    }

    /// <summary>The words, cut where a character is not covered, in order and each once.</summary>
    private static SortedDictionary<string, long> Parts(KeyValuePair<string, long>[] words, Dictionary<Rune, long> covered)
    {
        SortedDictionary<string, long> parts = new(StringComparer.Ordinal);
        foreach ((string word, long count) in words)
        {
            int start = 0, at = 0;
            foreach (Rune c in word.EnumerateRunes())
            {
                int next = at + c.Utf16SequenceLength;
                if (!covered.ContainsKey(c))
                {
                    Add(word[start..at]);
                    start = next;
                }
                at = next;
            }
            Add(word[start..]);

            void Add(string part) => parts[part] = parts.GetValueOrDefault(part) + count;
        }
        parts.Remove("");
        return parts;
    }

    private List<UnigramPiece> Seeds(KeyValuePair<string, long>[] words, Dictionary<Rune, long> covered)
    {
        List<KeyValuePair<string, long>> counts = [.. covered.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Value)
            .Select(c => KeyValuePair.Create(c.Key.ToString(), c.Value))];
        foreach ((string piece, long count) in new SeedPieces(words, LongestPiece).Take(Math.Max(0, MostSeeds - counts.Count)))
            counts.Add(new(piece, count * piece.Length));
        double logarithm = Math.Log(counts.Sum(c => (double)c.Value));
        return [.. counts.Select(c => new UnigramPiece(c.Key, Math.Log(c.Value) - logarithm))];
    }

    private List<UnigramPiece> Finish(List<UnigramPiece> pieces, HashSet<string> required)
    {
        Dictionary<string, double> scores = pieces.ToDictionary(p => p.Token, p => p.Score, StringComparer.Ordinal);
        double missing = scores.Values.DefaultIfEmpty(0).Min();
        List<UnigramPiece> kept = [.. required.Order(StringComparer.Ordinal)
            .Select(c => new UnigramPiece(c, scores.GetValueOrDefault(c, missing)))];
        kept.AddRange(Sorted(pieces.Where(p => !required.Contains(p.Token))).Take(VocabSize - kept.Count));
        return [.. Sorted(kept)];
    }

    private static IEnumerable<UnigramPiece> Sorted(IEnumerable<UnigramPiece> pieces) =>
        pieces.OrderByDescending(p => p.Score).ThenBy(p => p.Token, StringComparer.Ordinal);

    private static double Share(int before, int now, int wanted) =>
        Math.Clamp(Math.Log((double)before / now) / Math.Max(1e-9, Math.Log((double)before / wanted)), 0, 1);
}
