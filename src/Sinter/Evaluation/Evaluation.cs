namespace Sinter.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">Mean loss per target; cross entropy in nats for language models and classifiers.</param>
/// <param name="Accuracy">Share of targets that were the likeliest; NaN where they can only be near.</param>
/// <param name="Targets">Targets.</param>
public readonly record struct Evaluation(double Loss, double Accuracy, long Targets)
{
    /// <summary>What the task measures beside these, by the names of <c>metrics.jsonl</c> (<see cref="Schedules.MetricSet.Names"/>).</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics { get => field ?? []; init; }

    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>Bits per byte of a text of <paramref name="bytes"/> UTF-8 bytes.</summary>
    public double BitsPerByte(long bytes) => Loss * Targets / Math.Log(2) / bytes;
}
