using Sinter.Text.Models;

namespace Sinter.Text.Training;

/// <summary>One turn of <see cref="UnigramLearner"/>: fits the probabilities of pieces to words, and drops pieces that cost little.</summary>
internal sealed class UnigramTurn
{
    private const int Blocks = 8;
    private const double UnknownPenalty = 10;

    private readonly IReadOnlyList<UnigramPiece> _pieces;
    private readonly KeyValuePair<string, long>[] _words;
    private readonly CancellationToken _cancellation;
    private readonly TokenAutomaton _automaton;
    private readonly double[] _scores;
    private readonly int[] _cuts;

    /// <summary>Takes the pieces with their scores, and the words.</summary>
    public UnigramTurn(IReadOnlyList<UnigramPiece> pieces, KeyValuePair<string, long>[] words, CancellationToken cancellation)
    {
        (_pieces, _words, _cancellation) = (pieces, words, cancellation);
        _automaton = new([.. pieces.Select((p, id) => KeyValuePair.Create(p.Token, id))]);
        _scores = [.. pieces.Select(p => p.Score)];
        _cuts = Cuts(words);
    }

    /// <summary>
    /// A step of expectation maximization. A piece expected less often than <paramref name="least"/> is gone. Probabilities are those of a sparse
    /// Dirichlet prior (Liang and Klein, "Structured Bayesian Nonparametric Models with Variational Inference", 2007): exp ψ(count) in the place of
    /// the count.
    /// </summary>
    public void Fit(double least)
    {
        double[] expected = new double[_scores.Length];
        foreach (double[] part in InBlocks((lattice, _, count, sum) => lattice.AddExpected(count, sum)))
            for (int id = 0; id < expected.Length; id++) expected[id] += part[id];
        double logarithm = Digamma(expected.Where(e => e >= least).Sum());
        for (int id = 0; id < expected.Length; id++)
            _scores[id] = expected[id] < least ? double.NegativeInfinity : Digamma(expected[id]) - logarithm;
    }

    /// <summary>The pieces that are left, with their scores.</summary>
    public List<UnigramPiece> Pieces() => Pieces(Enumerable.Range(0, _scores.Length));

    /// <summary>
    /// Leaves <paramref name="wanted"/> pieces, and those that nothing can take the place of. What a piece is worth is the likelihood lost when all its
    /// places in the best ways to write the words are taken by the best way to write the piece without it.
    /// </summary>
    public List<UnigramPiece> Prune(int wanted)
    {
        double[] counts = new double[_scores.Length];
        foreach (double[] part in InBlocks(CountBest))
            for (int id = 0; id < counts.Length; id++) counts[id] += part[id];
        double total = counts.Sum();
        List<int> kept = [];
        List<(double Loss, int Id)> candidates = [];
        UnigramLattice lattice = Lattice();
        List<int> others = [];
        for (int id = 0; id < _scores.Length; id++)
        {
            if (double.IsNegativeInfinity(_scores[id])) continue;
            lattice.Read(_pieces[id].Token, without: id);
            double score = lattice.Best(others);
            if (others is [UnigramLattice.Unknown]) kept.Add(id);
            else if (score < _scores[id] && counts[id] > 0) candidates.Add((Loss(id, others, counts, total), id));
        }
        candidates.Sort((a, b) => a.Loss != b.Loss ? b.Loss.CompareTo(a.Loss) : a.Id.CompareTo(b.Id));
        return Pieces(kept.Concat(candidates.Take(Math.Max(0, wanted - kept.Count)).Select(c => c.Id)).Order());
    }

    private static double Loss(int id, List<int> others, double[] counts, double total)
    {
        double before = Math.Log(counts[id]) - Math.Log(total), after = 0;
        double logarithm = Math.Log(total + counts[id] * (others.Count - 1));
        foreach (int other in others)
            after += other >= 0 ? Math.Log(counts[other] + counts[id]) - logarithm : Math.Log(counts[id]) - logarithm - UnknownPenalty;
        return counts[id] * (before - after);
    }

    private static void CountBest(UnigramLattice lattice, List<int> ids, long count, double[] counts)
    {
        lattice.Best(ids);
        foreach (int id in ids)
            if (id >= 0) counts[id] += count;
    }

    /// <summary>Goes through all words, and gives the sums of each block.</summary>
    private double[][] InBlocks(Action<UnigramLattice, List<int>, long, double[]> word)
    {
        double[][] sums = [.. Enumerable.Range(0, Blocks).Select(_ => new double[_scores.Length])];
        ParallelWork.For(Blocks, block =>
        {
            UnigramLattice lattice = Lattice();
            List<int> ids = [];
            for (int w = _cuts[block]; w < _cuts[block + 1]; w++)
            {
                if ((w & 1023) == 0) _cancellation.ThrowIfCancellationRequested();
                lattice.Read(_words[w].Key);
                word(lattice, ids, _words[w].Value, sums[block]);
            }
        }, _cancellation);
        return sums;
    }

    private UnigramLattice Lattice() => new(_automaton, _scores, _scores.Where(double.IsFinite).DefaultIfEmpty(0).Min() - UnknownPenalty);

    private List<UnigramPiece> Pieces(IEnumerable<int> ids) =>
        [.. ids.Where(id => !double.IsNegativeInfinity(_scores[id])).Select(id => new UnigramPiece(_pieces[id].Token, _scores[id]))];

    /// <summary>Where blocks of about as many characters begin.</summary>
    private static int[] Cuts(KeyValuePair<string, long>[] words)
    {
        long all = words.Sum(w => (long)w.Key.Length), done = 0;
        int[] cuts = new int[Blocks + 1];
        int block = 1;
        for (int w = 0; w < words.Length; w++)
        {
            done += words[w].Key.Length;
            while (block < Blocks && done * Blocks >= all * block) cuts[block++] = w + 1;
        }
        cuts.AsSpan(block).Fill(words.Length);
        return cuts;
    }

    /// <summary>ψ(x), the derivative of ln Γ, for x above 0: ψ(x) = ψ(x + 1) − 1/x, and from 6 on its asymptotic series, to about 1e-10.</summary>
    private static double Digamma(double x)
    {
        double sum = 0;
        for (; x < 6; x++) sum -= 1 / x;
        double s = 1 / (x * x);
        return sum + Math.Log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
    }
}
