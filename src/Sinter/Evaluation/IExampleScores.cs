using Sinter.Data.Examples;

namespace Sinter.Evaluation;

/// <summary>Counts how well a model's outputs fit the examples that they are for.</summary>
public interface IExampleScores
{
    /// <summary>The share of examples that are right in all; NaN where nothing can be.</summary>
    double Accuracy { get; }

    /// <summary>The figures, by the names of <c>metrics.jsonl</c> without <c>validation_</c>, the accuracy among them where there is one.</summary>
    IReadOnlyList<KeyValuePair<string, double>> Figures { get; }

    /// <summary>By label; empty where there are none.</summary>
    IReadOnlyList<BinaryCounts> Labels => [];

    /// <summary>Rows of true, columns of predicted labels; null where an example has not one of each.</summary>
    ConfusionMatrix? Confusion => null;

    /// <summary>Adds an example.</summary>
    /// <param name="examples">Where it is.</param>
    /// <param name="example">Its number.</param>
    /// <param name="outputs">Probabilities of labels, or numbers.</param>
    void Add(EncodedExamples examples, long example, ReadOnlySpan<float> outputs);
}
