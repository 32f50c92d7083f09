using Sinter.Monitoring.Reports;
using Sinter.Monitoring.TensorBoard;
using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>
/// Everything that a run's folder tells about its training: <c>metrics.jsonl</c>, TensorBoard event files, <c>run.json</c>, and at the end
/// <c>report.html</c>.
/// </summary>
public sealed class RunFiles : ITrainingListener, IDisposable
{
    private readonly MetricsLog _metrics;
    private readonly TensorBoardLog _events;
    private readonly RunReport _report;

    private RunFiles(MetricsLog metrics, TensorBoardLog events, RunReport report) => (_metrics, _events, _report) = (metrics, events, report);

    /// <summary>Begins or goes on with the files of <paramref name="runFolder"/>, which exists.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="resumedStep">The checkpoint's step that the run goes on from: what was written after it is removed.
    /// Null begins anew: all that was written is removed.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="SinterException">A file can't be read or written, or <c>run.json</c> is damaged.</exception>
    public static RunFiles Open(string runFolder, long? resumedStep, TimeProvider? time = null)
    {
        long step = resumedStep ?? -1;
        string metricsPath = Path.Combine(runFolder, MetricsLog.FileName);
        var earlier = resumedStep is null ? null : RunRecord.Read(runFolder, step);
        MetricsLog.CutBack(metricsPath, step);
        TensorBoardFiles.CutBack(runFolder, step);
        var metrics = new MetricsLog(metricsPath, time);
        try
        {
            return new RunFiles(metrics, new TensorBoardLog(runFolder, time), new RunReport(new RunRecorder(runFolder, earlier, time), runFolder));
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SinterException">The disk is full or a file can't be written.</exception>
    public void On(TrainingEvent e)
    {
        _metrics.On(e);
        _events.On(e);
        _report.On(e);
    }

    /// <summary>Writes what is left and closes the files.</summary>
    public void Dispose()
    {
        try
        {
            _metrics.Dispose();
        }
        finally
        {
            _events.Dispose();
        }
    }
}
