using Microsoft.Extensions.Logging;
using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter;

/// <summary>Where a run lives and who hears of it.</summary>
public sealed class TrainerOptions
{
    /// <summary>The folder in which a new run gets its own, <c>NAME-TIME</c>.</summary>
    public string RunsFolder { get; set; } = "runs";

    /// <summary>The run's folder itself; null makes a new one in <see cref="RunsFolder"/>.</summary>
    public string? RunFolder { get; set; }

    /// <summary>Whether to go on from the newest good checkpoint of <see cref="RunFolder"/>; from the beginning where there is none.</summary>
    public bool Resume { get; set; }

    /// <summary>Whether to measure where the time and memory of steps go: <c>profile.txt</c> and <c>profile.json</c> in the run's folder, and a
    /// <see cref="Profiled"/> event at the end.</summary>
    public bool Profile { get; set; }

    /// <summary>Hears of every step.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Hear every event.</summary>
    public IList<ITrainingListener> Listeners { get; } = [];

    /// <summary>The log.</summary>
    public ILoggerFactory? Logging { get; set; }
}
