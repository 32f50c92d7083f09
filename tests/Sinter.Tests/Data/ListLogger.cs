using Microsoft.Extensions.Logging;

namespace Sinter.Tests.Data;

/// <summary>Collects warnings.</summary>
internal sealed class ListLogger(List<string> warnings) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning) warnings.Add(formatter(state, exception));
    }
}
