namespace Sinter.Tensors.Tests.Kernels;

/// <summary>Products of few rows in float32, which read B where it lies.</summary>
public sealed unsafe class FewRowsTests
{
    // Around a vector, four vectors and a block of columns; fewer rows of B than parts, and numbers of rows that parts do not divide.
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 1, 1 }, { 1, 15, 3 }, { 2, 16, 7 }, { 3, 17, 8 }, { 4, 63, 9 }, { 1, 64, 64 }, { 1, 65, 65 }, { 2, 1023, 33 }, { 3, 1025, 17 },
        { 1, 4096, 31 }, { 4, 4097, 11 }, { 2, 8300, 5 }, { 1, 257, 1025 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Equal_the_product_in_double(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
            foreach (bool accumulate in new[] { false, true })
            {
                var x = new Product(m, n, k, transposed, accumulate);
                float[] got = x.Run(2, Precision.Float32);
                // A sum of k rounded products in some order: its error is below k · 2⁻²⁴ times the sum of the magnitudes, about √k · 2⁻²⁴ in the mean.
                double[] want = x.Exact(out double[] magnitudes);
                for (int i = 0; i < got.Length; i++)
                    Assert.True(Math.Abs(got[i] - want[i]) <= (4 + Math.Sqrt(k)) * 6e-8 * magnitudes[i],
                        $"{m}×{n}×{k} {transposed} {accumulate}, {i}: {got[i]}, not {want[i]}");
            }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Same_bits_for_any_number_of_threads(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
        {
            var x = new Product(m, n, k, transposed, Accumulate: true);
            float[] one = x.Run(1, Precision.Float32);
            Assert.Equal(one, x.Run(3, Precision.Float32, shaken: true));
        }
    }
}
