namespace Sinter.Evaluation;

/// <summary>Judges a model by the old data too: what it forgets shows beside what it learns.</summary>
/// <param name="now">By the data that it is trained on.</param>
/// <param name="before">By what it was trained on before.</param>
public sealed class OldDataEvaluator(IEvaluator now, IEvaluator before) : IEvaluator
{
    /// <summary>The loss on the old data, among the metrics.</summary>
    public const string Loss = "validation_old_loss";

    /// <summary>The accuracy on the old data, among the metrics.</summary>
    public const string Accuracy = "validation_old_accuracy";

    /// <inheritdoc/>
    public Evaluation Evaluate(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var found = now.Evaluate(progress, cancellation);
        var old = before.Evaluate(progress, cancellation);
        return found with { Metrics = [.. found.Metrics, new(Loss, old.Loss), new(Accuracy, old.Accuracy)] };
    }
}
