using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class NormTests
{
    // The mean is taken off and the result divided by a deviation: what cancels leaves its rounding, relative to inputs near 1.
    private const double Tolerance = 1e-5;

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void LayerNorm(int columns) => OpCheck.Run(Tolerance,
        x => Op.LayerNorm(x[0], x[1], x[2], 1e-2f), x => Norm(x[0], x[1], x[2], 1e-2f, centered: true),
        Operand.Random(1, 5, columns), Operand.Random(2, columns), Operand.Random(3, columns));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void LayerNorm_without_bias(int columns) => OpCheck.Run(Tolerance,
        x => Op.LayerNorm(x[0], x[1], epsilon: 1e-2f), x =>
            Norm(x[0], x[1], null, 1e-2f, centered: true), Operand.Random(1, 2, 2, columns), Operand.Random(2, columns));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void RmsNorm(int columns) => OpCheck.Run(Tolerance,
        x => Op.RmsNorm(x[0], x[1], 1e-3f), x =>
            Norm(x[0], x[1], null, 1e-3f, centered: false), Operand.Random(1, 5, columns), Operand.Random(2, columns));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void OffsetRmsNorm(int columns) => OpCheck.Run(Tolerance,
        x => Op.OffsetRmsNorm(x[0], x[1], 1e-3f), x =>
            Norm(x[0], Array.ConvertAll(x[1], w => 1 + w), null, 1e-3f, centered: false), Operand.Random(1, 5, columns), Operand.Random(2, columns));

    /// <summary>Rows shorter than a vector, many of them: the heads of queries and keys.</summary>
    [Fact]
    public void Norms_of_heads() => OpCheck.Run(Tolerance,
        x => Op.RmsNorm(x[0].Reshape(42, 10), x[1], 1e-3f).Reshape(2, 3, 70), x => Norm(x[0], x[1], null, 1e-3f, centered: false),
        Operand.Random(1, 2, 3, 70), Operand.Random(2, 10));

    [Fact]
    public void Frozen_weights_get_no_gradient() => OpCheck.Run(Tolerance,
        x => Op.LayerNorm(x[0], x[1], x[2], 1e-2f), x => Norm(x[0], x[1], x[2], 1e-2f, centered: true),
        Operand.Random(1, 6, 20), Operand.Random(2, 20) with { WantsGrad = false }, Operand.Random(3, 20) with { WantsGrad = false });

    internal static double[] Norm(double[] x, double[] weight, double[]? bias, double epsilon, bool centered)
    {
        int columns = weight.Length;
        var y = new double[x.Length];
        for (int row = 0; row < x.Length; row += columns)
        {
            double mean = 0, square = 0;
            for (int i = 0; i < columns; i++) mean += x[row + i] / columns;
            if (!centered) mean = 0;
            for (int i = 0; i < columns; i++) square += (x[row + i] - mean) * (x[row + i] - mean) / columns;
            for (int i = 0; i < columns; i++) y[row + i] = (x[row + i] - mean) / Math.Sqrt(square + epsilon) * weight[i] + (bias?[i] ?? 0);
        }
        return y;
    }
}
