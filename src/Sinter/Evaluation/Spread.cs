namespace Sinter.Evaluation;

/// <summary>How widely numbers lie.</summary>
/// <param name="Std">Their standard deviation.</param>
/// <param name="Rms">The root of the mean of their squares.</param>
public readonly record struct Spread(double Std, double Rms)
{
    /// <summary>The spread of numbers, summed in double; NaN where one of them is no number.</summary>
    public static Spread Of(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
            squares += (double)value * value;
        }
        double mean = sum / values.Length, meanSquare = squares / values.Length;
        return new Spread(Math.Sqrt(Math.Max(0, meanSquare - mean * mean)), Math.Sqrt(meanSquare));
    }
}
