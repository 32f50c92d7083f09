using Sinter.Training;

namespace Sinter.Monitoring.Reports;

/// <summary>
/// Writes <c>report.html</c> when the run is complete or has failed. It reads <c>metrics.jsonl</c>, so the report of a resumed run shows all of it, and
/// the log must hear events first.
/// </summary>
/// <param name="recorder">Collects samples and times and keeps <c>run.json</c>; it gets its events from here.</param>
/// <param name="runFolder">The run's folder.</param>
public sealed class RunReport(RunRecorder recorder, string runFolder) : ITrainingListener
{
    /// <inheritdoc/>
    /// <exception cref="SinterException">The disk is full or a file can't be read or written.</exception>
    public void On(TrainingEvent e)
    {
        recorder.On(e);
        if (e is RunCompleted or RunFailed) ReportWriter.Write(runFolder, new ReportData(recorder.Record(), recorder.RecipeYaml));
    }
}
