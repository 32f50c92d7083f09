using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class PermuteTests
{
    [Fact]
    public void Every_order_of_four_dimensions()
    {
        long[] extents = [2, 3, 4, 5];
        for (int code = 0; code < 256; code++)
        {
            int[] order = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6];
            if (order.Distinct().Count() == 4) OpCheck.Run(x => Op.Permute(x[0], order), x => Permuted(x[0], extents, order),
                Operand.Random(1, extents));
        }
    }

    [Fact]
    public void Heads_before_positions() =>
        OpCheck.Run(x => Op.Transpose(x[0], 1, 2), x => Permuted(x[0], [2, 3, 4, 18], [0, 2, 1, 3]), Operand.Random(1, 2, 3, 4, 18));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 3)]
    [InlineData(5, 33)]
    public void A_matrix(int rows, int columns) =>
        OpCheck.Run(x => Op.Transpose(x[0]), x => Permuted(x[0], [rows, columns], [1, 0]), Operand.Random(1, rows, columns));

    [Fact]
    public void Three_dimensions_and_the_shape()
    {
        OpCheck.Run(x => Op.Permute(x[0], 2, 0, 1), x => Permuted(x[0], [3, 4, 5], [2, 0, 1]), Operand.Random(1, 3, 4, 5));
        using var device = new CpuDevice(1);
        Assert.Equal(new Shape(5, 3, 4), Op.Permute(device.Zeros(new Shape(3, 4, 5)), 2, 0, 1).Shape);
    }

    [Fact]
    public void What_is_no_permutation_is_refused()
    {
        using var device = new CpuDevice(1);
        var x = device.Zeros(new Shape(2, 3));
        Assert.Contains("[permute]", Assert.Throws<ArgumentException>(() => Op.Permute(x, 0, 0)).Message);
        Assert.Throws<ArgumentException>(() => Op.Permute(x, 0));
        Assert.Throws<ArgumentException>(() => Op.Permute(x, 0, 2));
        Assert.Throws<ArgumentException>(() => Op.Permute(x, 0, 1, 2, 3, 4));
        Assert.Contains("[transpose]", Assert.Throws<ArgumentException>(() => Op.Transpose(x, 0, 2)).Message);
    }

    private static double[] Permuted(double[] x, long[] extents, int[] order)
    {
        int rank = extents.Length;
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            // The index of y's element i in y's dimensions, put where x has them.
            long[] index = new long[rank];
            long rest = i;
            for (int d = rank - 1; d >= 0; d--)
            {
                index[order[d]] = rest % extents[order[d]];
                rest /= extents[order[d]];
            }
            long at = 0;
            for (int d = 0; d < rank; d++) at = at * extents[d] + index[d];
            y[i] = x[at];
        }
        return y;
    }
}
