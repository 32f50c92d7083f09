namespace Sinter.Cli.Shell;

/// <summary>Passes progress on at once, on the same thread, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
