using Sinter.Monitoring;

namespace Sinter.Advice;

/// <summary>What an earlier run's validation losses say.</summary>
public sealed class ValidationHistory
{
    // A change of the validation loss below this share is noise between evaluations.
    private const double Noise = 0.005;

    private readonly MetricsLine[] _evaluated;

    /// <summary>Reads a history.</summary>
    /// <param name="lines">Metrics, oldest first.</param>
    public ValidationHistory(IReadOnlyList<MetricsLine> lines)
    {
        _evaluated = [.. lines.Where(l => l.IsEvaluated && double.IsFinite(l.ValidationLoss!.Value))];
        IsThere = _evaluated.Length >= 3;
        if (!IsThere) return;
        Best = _evaluated.MinBy(l => l.ValidationLoss);
        Last = _evaluated[^1];
    }

    /// <summary>Whether there are enough evaluations (three) to say something.</summary>
    public bool IsThere { get; }

    /// <summary>The evaluation with the lowest loss.</summary>
    public MetricsLine Best { get; }

    /// <summary>The last evaluation.</summary>
    public MetricsLine Last { get; }

    /// <summary>The validation loss rose again after its best, by more than noise: the model learns its training text by heart.</summary>
    public bool Overfits => IsThere && Best.Step < Last.Step && Last.ValidationLoss > Best.ValidationLoss * (1 + Noise);

    /// <summary>The validation loss still fell over the last fifth of the run.</summary>
    public bool StillFalls
    {
        get
        {
            if (!IsThere || Overfits) return false;
            var before = _evaluated.Last(l => l.Step <= Math.Max(_evaluated[0].Step, 0.8 * Last.Step));
            return before.Step < Last.Step && Last.ValidationLoss < before.ValidationLoss * (1 - Noise);
        }
    }
}
