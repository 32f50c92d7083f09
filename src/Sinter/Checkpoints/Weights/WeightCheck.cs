using Sinter.Models;

namespace Sinter.Checkpoints.Weights;

/// <summary>Compares the weights that a model needs with those found.</summary>
public static class WeightCheck
{
    /// <summary>Passes when both hold the same names with the same shapes, but for what <paramref name="matching"/> allows.</summary>
    /// <param name="source">Where the weights were found, for the message.</param>
    /// <param name="expected">The weights needed, such as <see cref="ModelWeights.PlanFile"/> gives.</param>
    /// <param name="found">The weights found.</param>
    /// <param name="matching">What may differ.</param>
    /// <returns>What differs: worth a line to the user where it is not empty.</returns>
    /// <exception cref="CheckpointException">More differs; the message lists what is missing, extra and of another shape, up to 20 of
    /// each.</exception>
    public static WeightDifferences Compare(
        string source, IEnumerable<WeightSpec> expected, IEnumerable<WeightSpec> found, WeightMatching matching = WeightMatching.Strict)
    {
        WeightDifferences differences = WeightDifferences.Of(expected, found);
        return differences.Pass(matching)
            ? differences
            : throw new CheckpointException($"{source}: its weights do not fit its config.json.{differences}\n"
                + "Check that config.json and the weights belong together and that the copy is complete.");
    }
}
