using System.Globalization;
using Sinter.Evaluation;

namespace Sinter.Cli.Terminal;

/// <summary>The spread of activations and gradients, a line for each layer, with bars on a logarithmic scale.</summary>
internal static class SpreadTable
{
    private const int BarWidth = 12;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, IReadOnlyList<LayerSpread> layers)
    {
        int width = layers.Max(l => l.Name.Length);
        var activations = new LogBar(layers.Select(l => l.Activation.Rms), BarWidth);
        var gradients = new LogBar(layers.Select(l => l.Gradient.Rms), BarWidth);
        string rule = new(' ', BarWidth);
        output.WriteLine($"{"".PadRight(width)}  {"activations (residual stream)",-36}  {rule}  {"gradients (one token's loss)",-27}  {rule}  of loss");
        output.WriteLine($"{"layer".PadRight(width)}  {"std",9}{"rms",9}{"ratio",9}{"adds",9}  {rule}  {"std",9}{"rms",9}{"ratio",9}  {rule}  {"weights",9}");
        for (int i = 0; i < layers.Count; i++)
        {
            var (layer, before) = (layers[i], i == 0 ? null : layers[i - 1]);
            output.WriteLine($"{layer.Name.PadRight(width)}  {Cell(layer.Activation.Std)}{Cell(layer.Activation.Rms)}{Cell(layer.Activation.Rms / before?.Activation.Rms)}"
                + $"{Cell(layer.Share)}  {activations.Of(layer.Activation.Rms)}  {Cell(layer.Gradient.Std)}{Cell(layer.Gradient.Rms)}"
                + $"{Cell(layer.Gradient.Rms / before?.Gradient.Rms)}  {gradients.Of(layer.Gradient.Rms)}  {Cell(layer.WeightGradient)}");
        }
        output.WriteLine("ratio: to the layer above; adds: what the layer adds to the stream, of the stream; weights: gradient of its matrices, rms");
    }

    private static string Cell(double? value) => (value is { } v ? v.ToString("G3", CultureInfo.InvariantCulture) : "").PadLeft(9);
}
