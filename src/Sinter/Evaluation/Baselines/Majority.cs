using Sinter.Data.Examples;

namespace Sinter.Evaluation.Baselines;

/// <summary>What is reached without looking at the text: always the most frequent label, the labels that more than half of the examples have, or the mean.</summary>
public static class Majority
{
    /// <summary>What it always predicts.</summary>
    /// <param name="examples">Training examples.</param>
    /// <param name="outputs">Labels, or numbers of an example.</param>
    /// <returns>[outputs]: the labels' shares, or means.</returns>
    public static float[] Of(EncodedExamples examples, int outputs)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var sums = new double[outputs];
        for (long i = 0; i < examples.Count; i++)
        {
            if (examples.Labels is { } labels) sums[labels[i]]++;
            else for (int k = 0; k < outputs; k++) sums[k] += examples.ValuesOf(i)[k];
        }
        return [.. sums.Select(sum => (float)(sum / examples.Count))];
    }
}
