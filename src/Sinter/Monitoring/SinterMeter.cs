using System.Diagnostics.Metrics;
using Sinter.Training;

namespace Sinter.Monitoring;

/// <summary>
/// Publishes a run's figures through <see cref="System.Diagnostics.Metrics"/>, for dotnet-counters, OpenTelemetry and others, under the meter
/// <c>Sinter</c>. Every figure has the tag <c>sinter.run</c>, the run's name.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Instrument</term><description>Kind, unit</description></listheader>
/// <item><term><c>sinter.training.steps</c></term><description>counter, {step}: steps done in this process</description></item>
/// <item><term><c>sinter.training.tokens</c></term><description>counter, {token}: training tokens seen in this process</description></item>
/// <item><term><c>sinter.training.step.duration</c></term><description>histogram, s: tokens of the step ÷ its tokens per second</description></item>
/// <item><term><c>sinter.training.loss</c></term><description>gauge, nat: mean cross entropy per token</description></item>
/// <item><term><c>sinter.training.accuracy</c></term><description>gauge, 1: share of targets that were the likeliest token</description></item>
/// <item><term><c>sinter.training.learning_rate</c></term><description>gauge, 1</description></item>
/// <item><term><c>sinter.training.gradient_norm</c></term><description>gauge, 1: before clipping</description></item>
/// <item><term><c>sinter.training.throughput</c></term><description>gauge, {token}/s</description></item>
/// <item><term><c>sinter.training.memory</c></term><description>gauge, By: what the device holds</description></item>
/// <item><term><c>sinter.validation.loss</c></term><description>gauge, nat</description></item>
/// <item><term><c>sinter.validation.accuracy</c></term><description>gauge, 1</description></item>
/// <item><term><c>sinter.checkpoints</c></term><description>counter, {checkpoint}: complete on disk</description></item>
/// </list>
/// </remarks>
public sealed class SinterMeter : ITrainingListener, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Sinter";

    private readonly Meter _meter;
    private readonly Counter<long> _steps, _tokens, _checkpoints;
    private readonly Histogram<double> _stepDuration;
    private readonly Gauge<double> _loss, _accuracy, _learningRate, _gradientNorm, _throughput, _validationLoss, _validationAccuracy;
    private readonly Gauge<long> _memory;
    private KeyValuePair<string, object?> _run = new("sinter.run", "");
    private long? _tokensBefore;
    private long _tokensPerStep;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">The host's meter factory; null makes the meter itself, which <see cref="Dispose"/> then ends.</param>
    public SinterMeter(IMeterFactory? factory = null)
    {
        var options = new MeterOptions(MeterName) { Version = typeof(SinterMeter).Assembly.GetName().Version?.ToString(3) };
        _meter = factory?.Create(options) ?? new Meter(options);
        _steps = _meter.CreateCounter<long>("sinter.training.steps", "{step}", "Steps done.");
        _tokens = _meter.CreateCounter<long>("sinter.training.tokens", "{token}", "Training tokens seen.");
        _checkpoints = _meter.CreateCounter<long>("sinter.checkpoints", "{checkpoint}", "Checkpoints complete on disk.");
        _stepDuration = _meter.CreateHistogram<double>("sinter.training.step.duration", "s", "Time of a step.");
        _loss = _meter.CreateGauge<double>("sinter.training.loss", "nat", "Mean cross entropy per token.");
        _accuracy = _meter.CreateGauge<double>("sinter.training.accuracy", "1", "Share of targets that were the likeliest token.");
        _learningRate = _meter.CreateGauge<double>("sinter.training.learning_rate", "1", "Learning rate.");
        _gradientNorm = _meter.CreateGauge<double>("sinter.training.gradient_norm", "1", "Global gradient norm before clipping.");
        _throughput = _meter.CreateGauge<double>("sinter.training.throughput", "{token}/s", "Training tokens per second.");
        _memory = _meter.CreateGauge<long>("sinter.training.memory", "By", "Bytes the device holds.");
        _validationLoss = _meter.CreateGauge<double>("sinter.validation.loss", "nat", "Mean cross entropy per validation token.");
        _validationAccuracy = _meter.CreateGauge<double>("sinter.validation.accuracy", "1",
            "Share of validation targets that were the likeliest token.");
    }

    /// <inheritdoc/>
    public void On(TrainingEvent e)
    {
        switch (e)
        {
            case RunStarted run:
                _run = new("sinter.run", run.Name);
                _tokensPerStep = run.TokensPerStep;
                _tokensBefore = run.FirstStep == 0 ? 0 : null;
                break;
            case StepCompleted step: Record(step); break;
            case Evaluated evaluated:
                _validationLoss.Record(evaluated.Loss, _run);
                _validationAccuracy.Record(evaluated.Accuracy, _run);
                break;
            case CheckpointSaved: _checkpoints.Add(1, _run); break;
        }
    }

    private void Record(StepCompleted e)
    {
        long tokens = _tokensBefore is { } before ? e.Tokens - before : _tokensPerStep;
        _tokensBefore = e.Tokens;
        _steps.Add(1, _run);
        _tokens.Add(tokens, _run);
        if (e.Seconds > 0) _stepDuration.Record(e.Seconds, _run);
        _loss.Record(e.Loss, _run);
        _accuracy.Record(e.Accuracy, _run);
        _learningRate.Record(e.LearningRate, _run);
        _gradientNorm.Record(e.GradientNorm, _run);
        _throughput.Record(e.TokensPerSecond, _run);
        _memory.Record(e.MemoryBytes, _run);
    }

    /// <summary>Ends the meter, unless a factory made it.</summary>
    public void Dispose() => _meter.Dispose();
}
