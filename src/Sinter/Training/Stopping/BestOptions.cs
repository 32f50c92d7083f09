using Sinter.Options;
using Sinter.Schedules;

namespace Sinter.Training.Stopping;

/// <summary>Which step's weights become the finished model: those of the best evaluation rather than the last ones.</summary>
public sealed class BestOptions
{
    /// <summary>The keys of <c>training.best</c> in recipes.</summary>
    public static OptionsSchema<BestOptions> Schema { get; } = OptionsSchema.Create<BestOptions>(static b =>
    {
        b.Choice("metric", "The metric of evaluations that decides; none keeps the last step's weights even where a rule of stop is patience.", o => o.Metric, (o, v) => o.Metric = v,
            [.. MetricSet.OfEvaluations, "none"]);
        b.Choice("mode", "Whether lower (min) or higher (max) is better; auto is max for scores, min for losses and errors.", o => o.Mode, (o, v) => o.Mode = v, MetricOrder.Modes);
    });

    /// <summary>One of <see cref="MetricSet.OfEvaluations"/>, or <c>none</c>.</summary>
    public string Metric { get; set; } = "validation_loss";

    /// <summary><c>min</c>, <c>max</c> or <c>auto</c>.</summary>
    public string Mode { get; set; } = "auto";

    /// <summary>What a run keeps: what <see cref="TrainingOptions.Best"/> says; without it, where a stopping rule is patience, the best by that rule's metric, or by the
    /// validation loss where that metric is one of steps; else null.</summary>
    internal static BestOptions? Of(TrainingOptions options)
    {
        if (options.Best is { } best) return best.Metric == "none" ? null : best;
        var patience = options.Stop.OfType<PatienceOptions>().FirstOrDefault();
        if (patience is null) return null;
        return MetricSet.OfEvaluations.Contains(patience.Metric) ? new BestOptions { Metric = patience.Metric, Mode = patience.Mode } : new BestOptions();
    }
}
