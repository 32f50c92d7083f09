using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class MatMulTests
{
    public static TheoryData<int, int, int, int> Shapes() =>
        new() { { 1, 1, 1, 1 }, { 2, 3, 5, 4 }, { 3, 5, 17, 2 }, { 1, 13, 6, 33 }, { 2, 7, 3, 16 }, { 2, 1, 9, 15 } };

    [Theory, MemberData(nameof(Shapes))]
    public void Multiplies_each_pair(int batch, int m, int n, int k)
    {
        foreach (bool ta in new[] { false, true })
            foreach (bool tb in new[] { false, true })
                OpCheck.Run(x => Op.MatMul(x[0], x[1], ta, tb), x => Product(x[0], x[1], batch, m, n, k, ta, tb),
                    ta ? Operand.Random(1, batch, k, m) : Operand.Random(1, batch, m, k), tb ? Operand.Random(2, batch, n, k)
                        : Operand.Random(2, batch, k, n));
    }

    [Fact]
    public void Two_and_four_dimensions()
    {
        OpCheck.Run(x => Op.MatMul(x[0], x[1]), x => Product(x[0], x[1], 1, 6, 5, 4, false, false), Operand.Random(1, 6, 4), Operand.Random(2, 4, 5));
        OpCheck.Run(x => Op.MatMul(x[0], x[1], transposeB: true), x => Product(x[0], x[1], 6, 6, 5, 4, false, true), Operand.Random(1, 2, 3, 6, 4),
            Operand.Random(2, 2, 3, 5, 4));
    }

    [Fact]
    public void A_matrix_by_itself() =>
        OpCheck.Run(x => Op.MatMul(x[0], x[0], transposeB: true), x => Product(x[0], x[0], 1, 6, 6, 5, false, true), Operand.Random(1, 6, 5));

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var device = new CpuDevice(1);
        var error = Assert.Throws<ArgumentException>(() => Op.MatMul(device.Zeros(new Shape(2, 3)), device.Zeros(new Shape(2, 3))));
        Assert.Contains("[matmul]", error.Message);
        Assert.Contains("[2, 3]", error.Message);
    }

    internal static double[] Product(double[] a, double[] b, int batch, int m, int n, int k, bool ta, bool tb)
    {
        var y = new double[batch * m * n];
        for (int z = 0; z < batch; z++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                    for (int p = 0; p < k; p++)
                        y[(z * m + i) * n + j] += a[z * m * k + (ta ? p * m + i : i * k + p)] * b[z * k * n + (tb ? j * k + p : p * n + j)];
        return y;
    }
}
