using Microsoft.Extensions.Logging;

namespace Sinter.Monitoring;

/// <summary>A log whose warnings go elsewhere: among a run's events, which terminals show and <see cref="LoggerListener"/> logs.</summary>
internal sealed class WarningRelay(ILogger log, Action<string> warned) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || log.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning) warned(formatter(state, exception));
        else log.Log(logLevel, eventId, state, exception, formatter);
    }
}
