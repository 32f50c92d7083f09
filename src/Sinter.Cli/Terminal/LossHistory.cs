namespace Sinter.Cli.Terminal;

/// <summary>A run's losses in bounded space: when it is full, neighbours are put together as their means, so that all of the run stays.</summary>
internal sealed class LossHistory
{
    private const int Capacity = 512;

    private readonly List<(double Step, double Loss)> _points = [];
    private double _stepSum, _lossSum;
    private int _pending, _perPoint = 1;

    /// <summary>Steps and mean losses, ascending.</summary>
    public IReadOnlyList<(double Step, double Loss)> Points => _points;

    public void Add(long step, double loss)
    {
        _stepSum += step;
        _lossSum += loss;
        if (++_pending < _perPoint) return;
        _points.Add((_stepSum / _pending, _lossSum / _pending));
        (_stepSum, _lossSum, _pending) = (0, 0, 0);
        if (_points.Count == Capacity) Halve();
    }

    private void Halve()
    {
        for (int i = 0; i < Capacity / 2; i++)
        {
            var (first, second) = (_points[2 * i], _points[2 * i + 1]);
            _points[i] = ((first.Step + second.Step) / 2, (first.Loss + second.Loss) / 2);
        }
        _points.RemoveRange(Capacity / 2, Capacity / 2);
        _perPoint *= 2;
    }

    public LossHistory Copy()
    {
        var copy = new LossHistory { _stepSum = _stepSum, _lossSum = _lossSum, _pending = _pending, _perPoint = _perPoint };
        copy._points.AddRange(_points);
        return copy;
    }
}
