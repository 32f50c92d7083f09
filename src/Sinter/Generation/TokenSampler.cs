using System.Numerics.Tensors;
using Sinter.Tensors;

namespace Sinter.Generation;

/// <summary>Chooses a token from logits. A choice is a function of the seed and the position, and of the logits.</summary>
/// <param name="options">How.</param>
internal sealed class TokenSampler(GenerationOptions options)
{
    private const uint Stream = 0x53414d50;
    private (float Logit, int Token)[] _candidates = [];

    /// <summary>The token of a position.</summary>
    /// <param name="logits">[V]; changed.</param>
    /// <param name="earlier">The tokens before, for the repetition penalty.</param>
    /// <param name="position">The position.</param>
    /// <exception cref="SinterException">A logit is NaN or infinite.</exception>
    public int Choose(Span<float> logits, IReadOnlyList<int> earlier, long position)
    {
        if (!(TensorPrimitives.Max(logits) < float.PositiveInfinity))
            throw new SinterException($"The logits after {position} tokens are no numbers: the model's weights are damaged, or too large for its precision. Load an earlier checkpoint.");
        Penalize(logits, earlier);
        if (options.Temperature == 0) return TensorPrimitives.IndexOfMax<float>(logits);
        int count = Rank(logits);
        return Draw(_candidates.AsSpan(0, count), PhiloxBlock.ToUnit(Philox.Block(options.Seed, (ulong)position, Stream).Low));
    }

    private void Penalize(Span<float> logits, IReadOnlyList<int> earlier)
    {
        if (options.RepetitionPenalty == 1) return;
        float penalty = (float)options.RepetitionPenalty;
        foreach (int token in earlier.Distinct())
            logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
    }

    /// <summary>Sorts the candidates by logit, the largest first, and keeps the best k.</summary>
    private int Rank(ReadOnlySpan<float> logits)
    {
        if (_candidates.Length < logits.Length) _candidates = new (float, int)[logits.Length];
        for (int i = 0; i < logits.Length; i++) _candidates[i] = (logits[i], i);
        var all = _candidates.AsSpan(0, logits.Length);
        all.Sort(static (a, b) => a.Logit != b.Logit ? b.Logit.CompareTo(a.Logit) : a.Token.CompareTo(b.Token));
        return options.TopK > 0 ? Math.Min(options.TopK, logits.Length) : logits.Length;
    }

    private int Draw(ReadOnlySpan<(float Logit, int Token)> ranked, double uniform)
    {
        double Weight(float logit, float best) => Math.Exp((logit - best) / options.Temperature);
        float best = ranked[0].Logit;
        double total = 0;
        foreach (var (logit, _) in ranked) total += Weight(logit, best);
        int kept = ranked.Length;
        if (options.TopP < 1)
        {
            double reached = 0;
            for (kept = 0; kept < ranked.Length && reached < options.TopP * total; kept++) reached += Weight(ranked[kept].Logit, best);
            total = reached;
        }
        double aim = uniform * total;
        for (int i = 0; i < kept; i++)
            if ((aim -= Weight(ranked[i].Logit, best)) < 0) return ranked[i].Token;
        return ranked[kept - 1].Token;
    }
}
