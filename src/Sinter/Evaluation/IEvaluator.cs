namespace Sinter.Evaluation;

/// <summary>Judges a model by its validation data.</summary>
public interface IEvaluator
{
    /// <summary>Evaluates all of it, without gradients.</summary>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Evaluation Evaluate(IProgress<double>? progress = null, CancellationToken cancellation = default);
}
