using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class PlainOpTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Arithmetic_of_equal_shapes(int count)
    {
        Operand a = Operand.Random(1, 2, count), b = Operand.Random(2, 2, count);
        OpCheck.Run(x => Op.Add(x[0], x[1]), x => Each(x, (p, q) => p + q), a, b);
        OpCheck.Run(x => Op.Subtract(x[0], x[1]), x => Each(x, (p, q) => p - q), a, b);
        OpCheck.Run(x => Op.Multiply(x[0], x[1]), x => Each(x, (p, q) => p * q), a, b);
        OpCheck.Run(x => Op.Scale(x[0], -1.5f), x => [.. x[0].Select(p => -1.5 * p)], a);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Arithmetic_with_a_row(int count)
    {
        Operand a = Operand.Random(1, 2, 3, count), row = Operand.Random(2, count);
        Func<int, int> at = i => i % count;
        OpCheck.Run(x => Op.Add(x[0], x[1]), x => Each(x, (p, q) => p + q, at), a, row);
        OpCheck.Run(x => Op.AddBias(x[0], x[1]), x => Each(x, (p, q) => p + q, at), a, row);
        OpCheck.Run(x => Op.Subtract(x[0], x[1]), x => Each(x, (p, q) => p - q, at), a, row);
        OpCheck.Run(x => Op.Multiply(x[0], x[1]), x => Each(x, (p, q) => p * q, at), a, row);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Arithmetic_with_a_column(int count)
    {
        Operand a = Operand.Random(1, 2, 3, count), column = Operand.Random(2, 2, 3, 1);
        Func<int, int> at = i => i / count;
        OpCheck.Run(x => Op.Add(x[0], x[1]), x => Each(x, (p, q) => p + q, at), a, column);
        OpCheck.Run(x => Op.Subtract(x[0], x[1]), x => Each(x, (p, q) => p - q, at), a, column);
        OpCheck.Run(x => Op.Multiply(x[0], x[1]), x => Each(x, (p, q) => p * q, at), a, column);
    }

    [Fact]
    public void One_tensor_may_be_both_operands()
    {
        var a = Operand.Random(1, 3, 19);
        OpCheck.Run(x => Op.Add(x[0], x[0]), x => [.. x[0].Select(p => 2 * p)], a);
        OpCheck.Run(x => Op.Multiply(x[0], x[0]), x => [.. x[0].Select(p => p * p)], a);
        OpCheck.Run(x => Op.Add(Op.Multiply(x[0], x[0]), x[0]), x => [.. x[0].Select(p => p * p + p)], a);
    }

    // The functions are good to a few units in the last place; x is up to 6 and so is the product.
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Activations(int count)
    {
        var a = Operand.Scaled(1, 6, count);
        OpCheck.Run(x => Op.Gelu(x[0]), x => [.. x[0].Select(Gelu)], a);
        OpCheck.Run(x => Op.ErfGelu(x[0]), x => [.. x[0].Select(p => ActivationReference.Value(Activation.Gelu, p))], a);
        // No number so near 0 that the differences would step over it.
        var apart = a with { Values = [.. a.Values.Select(v => v + MathF.Sign(v) * 0.01f)] };
        OpCheck.Run(x => Op.Relu(x[0]), x => [.. x[0].Select(p => Math.Max(p, 0))], apart);
        OpCheck.Run(x => Op.Silu(x[0]), x => [.. x[0].Select(p => p / (1 + Math.Exp(-p)))], a);
        OpCheck.Run(1e-5, x => Op.ReciprocalSqrt(Op.Multiply(x[0], x[0]), 0.5f), x => [.. x[0].Select(p => 1 / Math.Sqrt(p * p + 0.5))], a);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Sums(int count)
    {
        var a = Operand.Random(1, 3, count);
        OpCheck.Run(x => Op.Sum(x[0]), x => [x[0].Sum()], a);
        OpCheck.Run(x => Op.Mean(x[0]), x => [x[0].Average()], a);
        OpCheck.Run(x => Op.SumLast(x[0]), x => Rows(x[0], count, row => [row.Sum()]), a);
        OpCheck.Run(x => Op.MeanLast(x[0]), x => Rows(x[0], count, row => [row.Average()]), a);
    }

    [Fact]
    public void A_sum_over_many_tiles()
    {
        using var device = new CpuDevice(2);
        var x = Operand.Random(3, 100_003);
        Assert.Equal(x.Values.Sum(v => (double)v), Op.Sum(device.From(x.Values)).Item, 2e-3);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var device = new CpuDevice(1);
        Tensor a = device.Zeros(new Shape(2, 3)), b = device.Zeros(new Shape(3, 2));
        var error = Assert.Throws<ArgumentException>(() => Op.Multiply(a, b));
        Assert.Contains("[multiply]", error.Message);
        Assert.Contains("[2, 3]", error.Message);
        Assert.Contains("[3, 2]", error.Message);
        Assert.Contains("[add_bias]", Assert.Throws<ArgumentException>(() => Op.AddBias(a, b)).Message);
    }

    internal static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    internal static double[] Rows(double[] x, int columns, Func<double[], double[]> function) => [.. x.Chunk(columns).SelectMany(function)];

    private static double[] Each(double[][] x, Func<double, double, double> function, Func<int, int>? at = null) =>
        [.. x[0].Select((a, i) => function(a, x[1][at is null ? i : at(i)]))];
}
