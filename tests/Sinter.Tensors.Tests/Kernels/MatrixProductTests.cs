using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class MatrixProductTests
{
    // Around the tile of each kernel (4, 6 and 12 rows; 16 and 32 columns), around a step pair, and over the blocks of rows, k and columns.
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 1, 1 }, { 2, 33, 5 }, { 4, 300, 64 }, { 5, 31, 7 }, { 6, 16, 2 }, { 12, 32, 33 }, { 13, 33, 64 }, { 23, 65, 17 }, { 97, 130, 129 },
            { 100, 96, 1030 }, { 260, 3100, 40 }, { 7, 48, 2051 }, { 130, 1, 300 },
            { 25, 80, 90 }, { 100, 65, 260 }, { 290, 260, 511 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Equals_the_product_in_double(int m, int n, int k)
    {
        foreach (var precision in new[] { Precision.Float32, Precision.BFloat16 })
            foreach (bool transposeA in new[] { false, true })
                foreach (bool transposeB in new[] { false, true })
                    foreach (bool accumulate in new[] { false, true })
                        Check(m, n, k, precision, transposeA, transposeB, accumulate);
    }

    // What is shared is packed for all of many threads; of few, each packs a small factor for itself: B of the second, A of the third. With A transposed, the
    // small results of the last three are sums over two halves of k.
    [Theory]
    [InlineData(300, 200, 700, false), InlineData(300, 90, 260, false), InlineData(90, 300, 1030, false), InlineData(128, 384, 768, true)]
    [InlineData(130, 33, 517, true), InlineData(37, 211, 1025, true)]
    public void Same_bits_for_any_number_of_threads_and_any_order_of_tiles(int m, int n, int k, bool transposeA)
    {
        float[] Of(int threads, bool shake) => Product(m, n, k, transposeA, threads, shake);
        float[] one = Of(1, shake: false), two = Of(2, shake: false), shaken = Of(3, shake: true);
        Assert.Equal(one, two);
        Assert.Equal(one, shaken);
        Assert.Equal(one, Of(6, shake: true));
    }

    // Memory for both halves is as large as the first needs.
    [Fact]
    public void The_second_half_of_k_is_not_the_larger_one()
    {
        foreach (var kernel in MicroKernels.All())
            for (int k = 1; k <= 2 * MatrixPlan.MaxSteps * kernel.StepLength; k++)
            {
                int first = new MatrixPlan(kernel, 64, 64, k, isTurned: true).FirstPart;
                Assert.InRange(first, first == 0 ? 0 : (k + 1) / 2, Math.Min(k, MatrixPlan.MaxSteps * kernel.StepLength));
            }
    }

    private static float[] Product(int m, int n, int k, bool transposeA, int threads, bool shake)
    {
        using var device = new CpuDevice(threads, Precision.Auto);
        if (shake) device.Workers.BeforeTile = tile => Thread.Sleep(tile * 7 % 3);
        var random = new Random(3);
        Tensor a = Filled(device, random, m * k), b = Filled(device, random, k * n), c = device.Empty(new Shape(m, n));
        device.Matrix.Multiply(m, n, k, new MatrixOperand(a.F32(), transposeA ? m : k, transposeA), new MatrixOperand(b.F32(), n), c.F32(), n, accumulate: false);
        return c.ToArray();
    }

    private static void Check(int m, int n, int k, Precision precision, bool transposeA, bool transposeB, bool accumulate)
    {
        using var device = new CpuDevice(2, precision);
        var random = new Random(m * 31 + n);
        Tensor a = Filled(device, random, m * k), b = Filled(device, random, k * n), c = Filled(device, random, m * n);
        float[] before = c.ToArray(), x = a.ToArray(), y = b.ToArray();
        device.Matrix.Multiply(m, n, k, new MatrixOperand(a.F32(), transposeA ? m : k, transposeA),
            new MatrixOperand(b.F32(), transposeB ? k : n, transposeB), c.F32(), n, accumulate);
        double error = 0, norm = 0;
        float[] got = c.ToArray();
        int rowA = transposeA ? 1 : k, stepA = transposeA ? m : 1, columnB = transposeB ? k : 1, stepB = transposeB ? 1 : n;
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double want = accumulate ? before[i * n + j] : 0;
                for (int p = 0; p < k; p++) want += (double)x[i * rowA + p * stepA] * y[j * columnB + p * stepB];
                error += (got[i * n + j] - want) * (got[i * n + j] - want);
                norm += want * want;
            }
        // float32: rounding of sums of k terms, about √k · 2⁻²⁴.
        // bfloat16: both factors rounded to 8 bits, 2⁻⁹ each at most, 2⁻⁹ · √(2/3) in the mean.
        double tolerance = precision == Precision.BFloat16 ? 5e-3 : 1e-6;
        Assert.True(Math.Sqrt(error) <= tolerance * Math.Sqrt(norm) + 1e-6,
            $"{m}×{n}×{k} {precision} A{(transposeA ? "ᵀ" : "")} B{(transposeB ? "ᵀ" : "")} +{accumulate}: error {Math.Sqrt(error / norm)}");
    }

    private static float[] Floats(Random random, int count)
    {
        var x = new float[count];
        for (int i = 0; i < count; i++) x[i] = random.NextSingle() * 2 - 1;
        return x;
    }

    private static Tensor Filled(CpuDevice device, Random random, int count) => device.From(Floats(random, count));
}
