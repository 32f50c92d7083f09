using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

/// <summary>A product of made-up numbers with bias and residual, whose B is a weight.</summary>
internal sealed unsafe record Product(int M, int N, int K, bool Transposed, bool Accumulate)
{
    private float[] A => Floats(1, M * K);
    private float[] B => Floats(2, K * N);
    private float[] C => Floats(3, M * N);
    private float[] Bias => Floats(4, N);
    private float[] Residual => Floats(5, M * N);

    /// <summary>C of the engine.</summary>
    /// <param name="hold">The limit of a hold around it, or null for none.</param>
    /// <param name="again">Called with the device and the weight after the product, which is then made again.</param>
    public float[] Run(int threads, Precision precision, bool shaken = false, long? hold = null, Action<CpuDevice, Tensor>? again = null)
    {
        using var device = new CpuDevice(threads, precision);
        if (shaken) device.Workers.BeforeTile = tile => Thread.SpinWait(tile * 7919 % 5 * 1000);
        var weight = device.Parameter(new Shape(K, N));
        B.CopyTo(weight.Span);
        using var held = hold is { } limit ? device.HoldWeights(limit) : null;
        float[] c = Multiply(device, weight);
        if (again is null) return c;
        again(device, weight);
        return Multiply(device, weight);
    }

    /// <summary>C in double, and the sums of the magnitudes of its terms.</summary>
    public double[] Exact(out double[] magnitudes)
    {
        var c = new double[M * N];
        magnitudes = new double[M * N];
        float[] a = A, b = B, before = C, bias = Bias, residual = Residual;
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++)
            {
                double sum = bias[j] + (double)residual[i * N + j] + (Accumulate ? before[i * N + j] : 0), magnitude = 3;
                for (int p = 0; p < K; p++)
                {
                    double term = (double)a[i * K + p] * b[Transposed ? j * K + p : p * N + j];
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                (c[i * N + j], magnitudes[i * N + j]) = (sum, magnitude);
            }
        return c;
    }

    private float[] Multiply(CpuDevice device, Tensor weight)
    {
        Tensor a = device.From(A, M * K), c = device.From(C, M * N), bias = device.From(Bias, N), residual = device.From(Residual, M * N);
        var b = new MatrixOperand(weight.F32(), Transposed ? K : N, Transposed);
        device.Matrix.Multiply(M, N, K, new MatrixOperand(a.F32(), K), b, c.F32(), N, Accumulate,
            new MatrixEpilogue { Bias = bias.F32(), Residual = residual.F32() });
        return c.ToArray();
    }

    private static float[] Floats(int seed, int count)
    {
        var random = new Random(seed);
        var x = new float[count];
        for (int i = 0; i < count; i++) x[i] = random.NextSingle() * 2 - 1;
        return x;
    }
}
