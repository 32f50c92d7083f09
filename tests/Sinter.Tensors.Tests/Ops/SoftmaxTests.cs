using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class SoftmaxTests
{
    // Each number carries the rounding of an exponential, of its sum and of a quotient; gradients subtract two such numbers.
    private const double Tolerance = 4e-6;

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Softmax(int columns) =>
        OpCheck.Run(Tolerance, x => Op.Softmax(x[0]), x => PlainOpTests.Rows(x[0], columns, SoftmaxOf), Operand.Scaled(1, 4, 3, columns));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void LogSoftmax(int columns) =>
        OpCheck.Run(Tolerance, x => Op.LogSoftmax(x[0]), x => PlainOpTests.Rows(x[0], columns, LogSoftmaxOf), Operand.Scaled(1, 4, 3, columns));

    [Fact]
    public void A_mask_is_added_and_has_a_gradient() => OpCheck.Run(Tolerance, x => Op.Softmax(x[0], x[1]),
        x => PlainOpTests.Rows([.. x[0].Select((v, i) => v + x[1][i % (5 * 18)])], 18, SoftmaxOf), Operand.Scaled(1, 2, 2, 3, 5, 18),
            Operand.Random(2, 5, 18));

    [Fact]
    public void A_frozen_mask() => OpCheck.Run(Tolerance, x => Op.Softmax(x[0], x[1]),
        x => PlainOpTests.Rows([.. x[0].Select((v, i) => v + x[1][i % (5 * 18)])], 18, SoftmaxOf), Operand.Scaled(1, 2, 3, 5, 18),
            Operand.Random(2, 5, 18) with { WantsGrad = false });

    [Fact]
    public void Forbidden_numbers_are_zero_and_a_row_of_them_too()
    {
        using var device = new CpuDevice(1);
        float no = float.NegativeInfinity;
        float[] y = Op.Softmax(device.From([1f, 1, 1, 1], 2, 2), device.From([0f, no, no, no], 2, 2)).ToArray();
        Assert.Equal([1f, 0, 0, 0], y);
    }

    [Fact]
    public void NaN_is_not_hidden()
    {
        using var device = new CpuDevice(1);
        for (int at = 0; at < 40; at += 13)
        {
            float[] x = new float[40];
            x[at] = float.NaN;
            Assert.All(Op.Softmax(device.From(x, 1, 40)).ToArray(), v => Assert.True(float.IsNaN(v)));
            Assert.All(Op.LogSoftmax(device.From(x, 1, 40)).ToArray(), v => Assert.True(float.IsNaN(v)));
        }
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        using var device = new CpuDevice(1);
        float[] y = Op.LogSoftmax(device.From([1e4f, 1e4f + 1, -1e4f], 1, 3)).ToArray();
        OpCheck.Close(y, [-1.31326168751822, -0.313261687518223, -20001.3132616875], 1e-7, "log softmax");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 5)]
    [InlineData(7, 33)]
    [InlineData(3, 130)]
    public void Mean_cross_entropy(int rows, int vocabulary)
    {
        int[] targets = [.. Enumerable.Range(0, rows).Select(i => i % 3 == 1 ? -100 : i * 7 % vocabulary)];
        OpCheck.Run(Tolerance, x => Op.CrossEntropy(x[0], x[0].Device.From(targets)), x => [CrossEntropy(x[0], vocabulary, targets)],
            Operand.Scaled(1, 3, rows, vocabulary));
    }

    [Fact]
    public void Cross_entropy_of_ignored_targets_is_zero()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2, 5));
        using var scope = device.Scope("test");
        var loss = Op.CrossEntropy(x, device.From([-100, -100], 2));
        loss.Backward();
        Assert.Equal(0, loss.Item);
        Assert.All(x.Grad.ToArray(), g => Assert.Equal(0, g));
        Assert.Contains("5 at 1", Assert.Throws<ArgumentException>(() => Op.CrossEntropy(x, device.From([0, 5], 2))).Message);
    }

    internal static double LogSum(double[] row)
    {
        double max = row.Max();
        return max + Math.Log(row.Sum(v => Math.Exp(v - max)));
    }

    internal static double[] LogSoftmaxOf(double[] row)
    {
        double sum = LogSum(row);
        return [.. row.Select(v => v - sum)];
    }

    internal static double[] SoftmaxOf(double[] row) => [.. LogSoftmaxOf(row).Select(Math.Exp)];

    internal static double CrossEntropy(double[] logits, int vocabulary, int[] targets)
    {
        double sum = 0;
        int count = 0;
        foreach (var (row, i) in logits.Chunk(vocabulary).Select((row, i) => (row, i)))
        {
            if (targets[i] < 0) continue;
            sum += LogSum(row) - row[targets[i]];
            count++;
        }
        return sum / count;
    }
}
