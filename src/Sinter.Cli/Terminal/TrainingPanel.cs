using System.Text;
using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Cli.Terminal;

/// <summary>
/// The live panel. Events only change the state; a thread of its own draws a copy of it, four times a second, so that training never waits for the
/// terminal.
/// </summary>
internal sealed class TrainingPanel : ITrainingDisplay
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ClockEvery = TimeSpan.FromSeconds(1);

    private readonly LiveRegion _region;
    private readonly PanelView _view;
    private readonly Closing _closing;
    private readonly TimeLeft _timeLeft;
    private readonly Lock _lock = new();
    private readonly PanelState _state = new();
    private readonly Queue<TrainingEvent> _above = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private TrainingEvent? _last;
    private TimeSpan _drawn;
    private bool _changed = true;
    private bool _broken;
    private bool _disposed;

    /// <summary>Begins to draw.</summary>
    public TrainingPanel(LiveRegion region, PanelView view, Closing closing, TimeLeft timeLeft)
    {
        (_region, _view, _closing, _timeLeft) = (region, view, closing, timeLeft);
        _thread = new Thread(DrawUntilStopped) { IsBackground = true, Name = "sinter panel" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        lock (_lock)
        {
            _timeLeft.On(e);
            _state.On(e);
            _closing.On(e);
            if (e is TextSampled or Warned) _above.Enqueue(e);
            if (e is RunStopped or RunCompleted or RunFailed) _last = e;
            _changed = true;
        }
    }

    private void DrawUntilStopped()
    {
        while (!_stop.Wait(DrawEvery)) Draw(force: false);
    }

    private void Draw(bool force)
    {
        PanelState state;
        TrainingEvent[] above;
        lock (_lock)
        {
            var now = _timeLeft.Elapsed;
            if (_broken || (!force && !_changed && now - _drawn < ClockEvery)) return;
            (_changed, _drawn) = (false, now);
            (_state.Elapsed, _state.Remaining) = (now, _timeLeft.Remaining);
            state = _state.Snapshot();
            above = [.. _above];
            _above.Clear();
        }
        try
        {
            var (width, height) = _region.Size;
            _region.Draw(_view.Panel(state, width, height), Above(above, width));
        }
        catch (IOException)
        {
            // The terminal is gone; the run goes on without it.
            _broken = true;
        }
    }

    private string Above(TrainingEvent[] events, int width)
    {
        var text = new StringBuilder();
        foreach (var e in events)
        {
            if (e is TextSampled sample) text.Append(_view.Sample(sample, width));
            if (e is Warned warned) text.Append(_view.Warning(warned.Message, width));
        }
        return text.ToString();
    }

    /// <summary>Draws the last state, and after the run's end how to go on.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        Draw(force: true);
        if (!_broken) _region.Finish(_closing.Lines(_last));
    }
}
