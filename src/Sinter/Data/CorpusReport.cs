using Microsoft.Extensions.Logging;

namespace Sinter.Data;

/// <summary>Who hears of a corpus being built.</summary>
internal sealed class CorpusReport(ILogger? logger, IProgress<(string What, double? Done)>? progress)
{
    /// <summary>Something that the user should know.</summary>
    public void Warn(string message) => logger?.LogWarning("{Message}", message);

    /// <summary>Something that explains what happens.</summary>
    public void Note(string message) => logger?.LogInformation("{Message}", message);

    /// <summary>What is being done, and the share done where known.</summary>
    public void Progress(string what, double? done = null) => progress?.Report((what, done));

    /// <summary>A listener for a step's share done.</summary>
    public IProgress<double> Step(string what) => new StepProgress(this, what);

    private sealed class StepProgress(CorpusReport report, string what) : IProgress<double>
    {
        public void Report(double value) => report.Progress(what, value);
    }
}
