using System.Diagnostics;

namespace Sinter.Training;

/// <summary>Adds up the time of a run's phases, in the order in which they first began.</summary>
public sealed class PhaseClock
{
    private readonly List<(string Phase, long Ticks)> _phases = [];

    /// <summary>Counts time for a phase until the result is disposed.</summary>
    public Running Start(string phase)
    {
        int index = _phases.FindIndex(p => p.Phase == phase);
        if (index < 0)
        {
            index = _phases.Count;
            _phases.Add((phase, 0));
        }
        return new Running(this, index, Stopwatch.GetTimestamp());
    }

    /// <summary>One event per phase.</summary>
    public IEnumerable<PhaseTime> Times() => _phases.Select(p => new PhaseTime(p.Phase, (double)p.Ticks / Stopwatch.Frequency));

    /// <summary>A phase that is going on.</summary>
    public readonly struct Running : IDisposable
    {
        private readonly PhaseClock _clock;
        private readonly int _index;
        private readonly long _began;

        internal Running(PhaseClock clock, int index, long began) => (_clock, _index, _began) = (clock, index, began);

        /// <inheritdoc/>
        public void Dispose()
        {
            var (phase, ticks) = _clock._phases[_index];
            _clock._phases[_index] = (phase, ticks + Stopwatch.GetTimestamp() - _began);
        }
    }
}
