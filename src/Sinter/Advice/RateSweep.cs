namespace Sinter.Advice;

/// <summary>
/// The losses of a learning-rate range test (Smith, 2017, "Cyclical learning rates for training neural networks", section 3.3): the rate rises from step to
/// step, and where the loss falls, levels out and rises tells which rates train.
/// </summary>
public sealed class RateSweep
{
    /// <summary>How many times the best smoothed loss counts as divergence.</summary>
    public const double DivergedAt = 4;

    private const double Decay = 0.9, LeastFall = 0.01;

    private readonly List<double> _rates = [], _losses = [], _smooth = [];
    private double _average, _best = double.PositiveInfinity;

    /// <summary>The learning rates, ascending, one a step.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>The loss of each step, before its update.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>Exponential averages of the losses with a decay of 0.9, corrected for their start at 0 as Adam's moments are.</summary>
    public IReadOnlyList<double> Smooth => _smooth;

    /// <summary>Whether the smoothed loss is more than four times its best, or no number.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>
    /// The rate at which the smoothed loss falls most steeply over the logarithm of the rate: the steepest straight line through a tenth of the steps, at its
    /// middle. Null where the loss falls by less than a hundredth.
    /// </summary>
    public double? Steepest { get; private set; }

    /// <summary>A tenth of the rate at which the smoothed loss is lowest. Null where the loss falls by less than a hundredth.</summary>
    public double? TenthOfMinimum { get; private set; }

    /// <summary>
    /// What is suggested as the peak: the higher of the two. Both are on the safe side, since at the minimum itself the loss is about to rise and a rate has to hold
    /// for a whole run; of two safe rates the higher one trains faster.
    /// </summary>
    public double? Suggestion => Steepest is { } steepest && TenthOfMinimum is { } tenth ? Math.Max(steepest, tenth) : null;

    /// <summary>Takes up a step. The loss before the update with a rate is that of the rates before, so it says nothing about its own yet.</summary>
    /// <param name="rate">The learning rate, greater than those before.</param>
    /// <param name="loss">The loss.</param>
    public void Add(double rate, double loss)
    {
        _average = Decay * _average + (1 - Decay) * loss;
        double smooth = _average / (1 - Math.Pow(Decay, _rates.Count + 1));
        _rates.Add(rate);
        _losses.Add(loss);
        _smooth.Add(smooth);
        _best = Math.Min(_best, smooth);
        HasDiverged |= !(smooth <= DivergedAt * _best);
    }

    /// <summary>Says that the next step's loss or gradient is no number.</summary>
    public void Diverge() => HasDiverged = true;

    /// <summary>Looks for the suggested rates among the steps so far.</summary>
    public void Conclude()
    {
        if (_rates.Count < 3) return;
        int lowest = _smooth.IndexOf(_smooth.Min()), half = Math.Max(1, _rates.Count / 20);
        if (_smooth[lowest] > (1 - LeastFall) * _smooth[0]) return;
        var slopes = Enumerable.Range(half, Math.Max(0, lowest - half)).Select(i => (Index: i, Slope: Slope(i - half, Math.Min(i + half, _rates.Count - 1)))).ToList();
        if (slopes.Count == 0 || slopes.MinBy(s => s.Slope) is not { Slope: < 0 } steepest) return;
        (Steepest, TenthOfMinimum) = (_rates[steepest.Index], _rates[lowest] / 10);
    }

    // The slope of the least-squares line over the index: the logarithm of the rate rises evenly with it.
    private double Slope(int from, int to)
    {
        double middle = (from + to) / 2.0, over = 0, under = 0;
        for (int i = from; i <= to; i++)
        {
            over += (i - middle) * _smooth[i];
            under += (i - middle) * (i - middle);
        }
        return over / under;
    }
}
