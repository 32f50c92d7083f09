using Sinter.Data.Examples;

namespace Sinter.Evaluation;

/// <summary>Numbers: how far the predictions are from them.</summary>
/// <param name="numbers">Numbers of an example.</param>
public sealed class NumberScores(int numbers) : IExampleScores
{
    private readonly RegressionErrors _errors = new(numbers);

    /// <summary>The names of the figures.</summary>
    public static IReadOnlyList<string> Names { get; } = ["r2", "mse", "mae"];

    /// <inheritdoc/>
    public double Accuracy => double.NaN;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Figures =>
        [.. Names.Zip([_errors.R2, _errors.MeanSquaredError, _errors.MeanAbsoluteError], KeyValuePair.Create)];

    /// <inheritdoc/>
    public void Add(EncodedExamples examples, long example, ReadOnlySpan<float> outputs)
    {
        ArgumentNullException.ThrowIfNull(examples);
        _errors.Add(examples.ValuesOf(example), outputs);
    }
}
