using System.Diagnostics;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Cli.Bench;

/// <summary>Which product of a linear layer is timed: how its factors lie in memory.</summary>
internal enum ProductForm
{
    /// <summary>A [M, K] · B [K, N].</summary>
    Forward,
    /// <summary>A [M, K] · Bᵀ of [N, K].</summary>
    InputGradient,
    /// <summary>Aᵀ of [K, M] · B [K, N].</summary>
    WeightGradient,
}

/// <summary>One matrix product over and over, as operations call it.</summary>
internal sealed class MatmulBench(CpuDevice device, long m, long n, long k, ProductForm form, double seconds)
{
    private const int LeastRuns = 10;

    private bool TransposeA => form == ProductForm.WeightGradient;

    private bool TransposeB => form == ProductForm.InputGradient;

    /// <summary>Times the product in a precision.</summary>
    /// <exception cref="SinterException">The product is wrong: there is nothing to time.</exception>
    /// <param name="precision">The precision.</param>
    /// <param name="warmSeconds">For how long the product runs before it is timed; the runtime compiles code again that was found to be used much.</param>
    public Timings Run(Precision precision, double warmSeconds)
    {
        device.Precision = precision;
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("matmul");
        Tensor a = Random(TransposeA ? new Shape(k, m) : new Shape(m, k), 1), b = Random(TransposeB ? new Shape(n, k) : new Shape(k, n), 2);
        Check(a, b, precision);
        Time(a, b, 1, warmSeconds);
        return Time(a, b, LeastRuns, seconds);
    }

    private Timings Time(Tensor a, Tensor b, int leastRuns, double leastSeconds)
    {
        var timings = new Timings();
        while (timings.Count < leastRuns || timings.Total < leastSeconds)
        {
            using var run = device.Scope("product");
            long began = Stopwatch.GetTimestamp();
            Op.MatMul(a, b, TransposeA, TransposeB);
            timings.Add(Stopwatch.GetElapsedTime(began));
        }
        return timings;
    }

    private Tensor Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        var tensor = device.Empty(shape);
        foreach (ref float x in tensor.Span) x = random.NextSingle() - 0.5f;
        return tensor;
    }

    private void Check(Tensor a, Tensor b, Precision precision)
    {
        using var scope = device.Scope("check");
        var c = Op.MatMul(a, b, TransposeA, TransposeB);
        var random = new Random(3);
        // A factor is rounded by 2⁻⁹ of it in bfloat16; a float32 sum of k numbers errs by k · 2⁻²⁴ of their sizes at most.
        double tolerance = (precision == Precision.BFloat16 ? 2 * Math.Pow(2, -9) : 0) + (k + 2) * Math.Pow(2, -24);
        for (int i = 0; i < 32; i++)
        {
            long row = random.NextInt64(m), column = random.NextInt64(n);
            var (want, size) = Element(a.Span, b.Span, row, column);
            float got = c.Span[(int)(row * n + column)];
            if (!(Math.Abs(got - want) <= tolerance * size * 1.01))
                throw new SinterException($"Element [{row}, {column}] of the product came out as {got} and is {want}; nothing was timed.");
        }
    }

    private (double Sum, double Size) Element(ReadOnlySpan<float> a, ReadOnlySpan<float> b, long row, long column)
    {
        double sum = 0, size = 0;
        for (long i = 0; i < k; i++)
        {
            double product = (double)a[(int)(TransposeA ? i * m + row : row * k + i)] * b[(int)(TransposeB ? column * k + i : i * n + column)];
            sum += product;
            size += Math.Abs(product);
        }
        return (sum, size);
    }
}
