using Microsoft.Extensions.Logging;

namespace Sinter.Cli.Shell;

/// <summary>Shows warnings on standard error and leaves out the rest.</summary>
internal sealed class WarningLogger : ILogger
{
    public static WarningLogger Instance { get; } = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        Messages.EndProgress();
        Messages.Warning(formatter(state, exception));
    }
}
