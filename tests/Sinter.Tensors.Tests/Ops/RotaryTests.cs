using System.Runtime.CompilerServices;
using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class RotaryTests
{
    // The table is computed in double and rounded once; two products and a sum.
    [Theory]
    [InlineData(1, 1, 1, 2, 0)]
    [InlineData(2, 3, 2, 16, 0)]
    [InlineData(2, 3, 1, 30, 5)]
    [InlineData(1, 4, 2, 32, 1000)]
    [InlineData(3, 2, 1, 66, 2)]
    public void Turns_pairs(int batch, int length, int heads, int size, int first)
    {
        OpCheck.Run(x => Op.Rotary(x[0], Table(x[0].Device, size, 10_000), first), x => Rotate(x[0], length, heads, heads, size, 10_000, first),
            Operand.Random(1, batch, length, heads * size));
    }

    [Fact]
    public void Copies_the_heads_it_is_not_asked_to_turn() =>
        OpCheck.Run(x => Op.Rotary(x[0], Table(x[0].Device, 10, 500), 3, heads: 2), x => Rotate(x[0], 3, 4, 2, 10, 500, 3),
            Operand.Random(1, 2, 3, 40));

    [Theory]
    [InlineData(12, 4, 3), InlineData(40, 34, 0), InlineData(96, 24, 7)]
    public void Turns_a_part_of_each_head(int size, int turned, int first) =>
        OpCheck.Run(x => Op.Rotary(x[0], _tables.GetValue(x[0].Device, d => new RotaryTable(d, size, 100, 4, turned)), first, heads: 2),
            x => Rotate(x[0], 3, 3, 2, size, 100, first, turned), Operand.Random(1, 2, 3, 3 * size));

    /// <summary>Frequencies that depend on the length, with a factor of their own.</summary>
    private sealed record Slower(bool PerLength) : RotaryScaling
    {
        public override string Name => "slower";

        public override double AttentionFactor => 1.25;

        public override int? Stage(long length) => length <= 4 ? 0 : PerLength ? null : 1;

        public override double[] Frequencies(int size, double theta, long length) =>
            Array.ConvertAll(Unscaled(size, theta), f => length <= 4 ? f : PerLength ? f / length : f / 2);
    }

    [Theory]
    [InlineData(false, 0, 3), InlineData(false, 0, 5), InlineData(false, 3, 2), InlineData(true, 0, 4), InlineData(true, 0, 6), InlineData(true, 5, 2)]
    public void Scales_by_the_length(bool perLength, int first, int length)
    {
        int by = first + length <= 4 ? 1 : perLength ? first + length : 2;
        OpCheck.Run(x => Op.Rotary(x[0], _tables.GetValue(x[0].Device, d => new RotaryTable(d, 10, 50, 2, scaling: new Slower(perLength))), first),
            x => [.. Rotate(x[0], length, 2, 2, 10, 50, first, 10, by).Select(v => 1.25 * v)], Operand.Random(1, 2, length, 20));
    }

    // One table for each device, as a model has; it begins with 4 positions and grows.
    private readonly ConditionalWeakTable<Device, RotaryTable> _tables = [];

    private RotaryTable Table(Device device, int size, double theta) => _tables.GetValue(device, d => new RotaryTable(d, size, theta, positions: 4));

    internal static double[] Rotate(double[] x, int length, int heads, int turned, int size, double theta, int first, int part = 0, double by = 1)
    {
        double[] y = [.. x];
        int columns = heads * size, half = (part == 0 ? size : part) / 2;
        for (int row = 0; row < x.Length / columns; row++)
            for (int h = 0; h < turned; h++)
                for (int i = 0; i < half; i++)
                {
                    double angle = (first + row % length) * Math.Pow(theta, -1.0 * i / half) / by;
                    int at = row * columns + h * size + i;
                    y[at] = x[at] * Math.Cos(angle) - x[at + half] * Math.Sin(angle);
                    y[at + half] = x[at + half] * Math.Cos(angle) + x[at] * Math.Sin(angle);
                }
        return y;
    }
}
