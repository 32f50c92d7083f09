using Sinter.Text.BytePair;

namespace Sinter.Text.Training;

/// <summary>
/// Merges the most frequent pair of neighbours until the vocabulary is full (Sennrich et al., "Neural Machine Translation of Rare Words with Subword
/// Units", 2016, algorithm 1); of equally frequent pairs the one of the smallest ids.
/// </summary>
/// <param name="tokens">The tokens by id; grows.</param>
/// <param name="ids">The ids of the tokens that merges may make, single symbols included; grows. −1 for a token that no merge may make.</param>
/// <param name="join">What two neighbours become.</param>
internal sealed class MergeLearner<T>(List<T> tokens, Dictionary<T, int> ids, Func<T, T, T> join)
    where T : notnull
{
    /// <summary>Learns merges until there are <paramref name="vocabSize"/> tokens, or no pair is as frequent as <paramref name="minFrequency"/>.</summary>
    public List<Merge> Learn(PairCounter counter, int vocabSize, long minFrequency, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<Merge> merges = [];
        int before = tokens.Count;
        counter.QueueNew();
        while (tokens.Count < vocabSize && counter.TryPop(minFrequency, out PairCandidate top))
        {
            cancellation.ThrowIfCancellationRequested();
            T token = join(tokens[top.Pair.Left], tokens[top.Pair.Right]);
            // Two pairs may make the same token, as a+bc and ab+c do: the second takes the id of the first.
            if (!ids.TryGetValue(token, out int id))
            {
                ids.Add(token, id = tokens.Count);
                tokens.Add(token);
            }
            if (id < 0) continue;
            merges.Add(new(top.Pair.Left, top.Pair.Right, id));
            counter.Merge(top, id);
            if ((merges.Count & 63) == 0) progress?.Report((double)(tokens.Count - before) / Math.Max(1, vocabSize - before));
        }
        progress?.Report(1);
        return merges;
    }
}
