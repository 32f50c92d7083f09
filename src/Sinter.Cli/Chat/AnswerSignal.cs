using System.Runtime.InteropServices;

namespace Sinter.Cli.Chat;

/// <summary>Ctrl-C while an answer is made stops the answer; at any other time it ends the program.</summary>
internal sealed class AnswerSignal : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _answer;

    /// <summary>Begins to listen.</summary>
    public AnswerSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, On);

    /// <summary>Begins an answer.</summary>
    /// <returns>Cancelled by the signal; dispose at the answer's end.</returns>
    public CancellationTokenSource Begin()
    {
        lock (_lock) return _answer = new CancellationTokenSource();
    }

    /// <summary>Says that the answer is complete.</summary>
    public void End()
    {
        lock (_lock)
        {
            _answer?.Dispose();
            _answer = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        End();
    }

    private void On(PosixSignalContext context)
    {
        lock (_lock)
        {
            context.Cancel = _answer is not null;
            _answer?.Cancel();
        }
    }
}
