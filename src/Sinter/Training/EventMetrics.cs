using Sinter.Schedules;

namespace Sinter.Training;

/// <summary>The figures of events by the names of <c>metrics.jsonl</c>, for schedules and stopping rules to look at.</summary>
internal static class EventMetrics
{
    /// <summary>Fills a set with what a step measured, and nothing of before.</summary>
    public static void Take(this MetricSet metrics, StepCompleted step)
    {
        metrics.Clear();
        metrics.Set("loss", step.Loss);
        metrics.Set("accuracy", Known(step.Accuracy));
        metrics.Set("learning_rate", step.LearningRate);
        metrics.Set("gradient_norm", step.GradientNorm);
        metrics.Set("clip_factor", step.ClipFactor);
        metrics.Set("penalty", step.Penalty);
        metrics.Set("smoothed_loss", step.SmoothedLoss);
        metrics.Set("z_loss", step.ZLoss);
        metrics.Set("tokens_per_second", step.TokensPerSecond);
        metrics.Set("batch_size", step.Sequences);
        metrics.Set("padding", step.Padding);
    }

    /// <summary>Fills a set with what an evaluation measured, and nothing of before.</summary>
    public static void Take(this MetricSet metrics, Evaluated evaluated)
    {
        metrics.Clear();
        metrics.Set("validation_loss", evaluated.Loss);
        metrics.Set("validation_accuracy", Known(evaluated.Accuracy));
        foreach (var (name, value) in evaluated.Metrics) metrics.Set(name, value);
    }

    private static double? Known(double accuracy) => double.IsNaN(accuracy) ? null : accuracy;
}
