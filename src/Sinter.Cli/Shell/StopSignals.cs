using System.Runtime.InteropServices;

namespace Sinter.Cli.Shell;

/// <summary>
/// Turns the first SIGINT, SIGTERM or SIGHUP into a cancellation, so that the work at hand can be finished and saved; the second one ends the
/// process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    /// <summary>Begins to listen.</summary>
    public StopSignals()
    {
        _registrations =
            [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(s => PosixSignalRegistration.Create(s, On))];
    }

    /// <summary>Called with the first signal, on another thread.</summary>
    public Action<PosixSignal>? First { get; set; }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What a process that the signal stopped ends with; 0 if there was none.</summary>
    public int ExitCode => _exitCode;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        int code = Code(context.Signal);
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0) Environment.Exit(code);
        First?.Invoke(context.Signal);
        _source.Cancel();
    }

    private static int Code(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => Shell.ExitCode.Interrupted,
        PosixSignal.SIGHUP => Shell.ExitCode.Hangup,
        _ => Shell.ExitCode.Terminated,
    };
}
