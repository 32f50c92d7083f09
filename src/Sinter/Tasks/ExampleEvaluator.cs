using Sinter.Data.Examples;
using Sinter.Evaluation;

namespace Sinter.Tasks;

/// <summary>The loss of an example's logits.</summary>
internal delegate double ExampleDistance(EncodedExamples examples, long example, ReadOnlySpan<float> logits);

/// <summary>Judges a model by examples that were held out: their loss, and the figures of the task.</summary>
/// <param name="predictor">The model.</param>
/// <param name="data">The examples.</param>
/// <param name="scores">Makes what counts.</param>
/// <param name="distance">The loss of an example.</param>
internal sealed class ExampleEvaluator(ExamplePredictor predictor, ExampleData data, Func<IExampleScores> scores, ExampleDistance distance) : IEvaluator
{
    /// <inheritdoc/>
    public Evaluation.Evaluation Evaluate(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var sequences = (ExampleValidation)data.Sequences.Validation;
        var counted = scores();
        double sum = 0;
        var outputs = new float[predictor.Outputs];
        predictor.Predict(sequences, (sequence, logits) =>
        {
            long example = sequences.ExampleOf(sequence);
            sum += distance(data.Validation, example, logits);
            ExamplePredictor.Activate(predictor.Problem, logits, outputs);
            counted.Add(data.Validation, example, outputs);
        }, progress, cancellation);
        return new Evaluation.Evaluation(sum / sequences.Count, counted.Accuracy, sequences.Count)
        {
            Metrics = [.. counted.Figures.Where(f => f.Key != "accuracy").Select(f => KeyValuePair.Create("validation_" + f.Key, f.Value))],
        };
    }
}
