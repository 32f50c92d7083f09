using Sinter.Cli.Terminal;
using Sinter.Training;

namespace Sinter.Cli.Shell;

/// <summary>A display that appears with the first event: what is refused at once, or was complete before, needs none.</summary>
/// <param name="create">Makes the display.</param>
internal sealed class LazyDisplay(Func<ITrainingDisplay> create) : ITrainingDisplay
{
    private readonly Lock _lock = new();
    private ITrainingDisplay? _display;

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        lock (_lock) _display ??= create();
        _display.On(e);
    }

    /// <summary>Tells the user something while training goes on elsewhere.</summary>
    public void Say(string message)
    {
        ITrainingDisplay? display;
        lock (_lock) display = _display;
        // A panel redraws the lines above the cursor: what others write there would stay in pieces.
        if (display is TrainingPanel) display.On(new Warned(message));
        else Messages.Line(message);
    }

    /// <inheritdoc/>
    public void Dispose() => _display?.Dispose();
}
