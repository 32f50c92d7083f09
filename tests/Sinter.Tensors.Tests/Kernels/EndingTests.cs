using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class EndingTests
{
    private const int Columns = 64;

    // Each height of tile, an odd k, and k of two passes, whose sums wait in float32. The sums of a product in float32 are the same bits, and so is what is made of them.
    [Theory]
    [InlineData(1, 31), InlineData(2, 64), InlineData(3, 64), InlineData(4, 2), InlineData(5, 1), InlineData(6, 33), InlineData(7, 64), InlineData(8, 64), InlineData(9, 5)]
    [InlineData(10, 64), InlineData(11, 1025), InlineData(12, 2100), InlineData(23, 64), InlineData(97, 127)]
    public void Assembled_endings_do_what_the_epilogue_does(int rows, int k)
    {
        Assert.SkipUnless(MicroKernels.HasBFloat16, "Needs AVX-512 BF16.");
        using var device = new CpuDevice(2, Precision.BFloat16);
        float[] sums = Multiply(device, rows, k, default, rounded: false), before = Floats(3, rows * Columns, 6);
        (before[0], before[3], before[9], before[17], before[31], before[40]) = (0, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1e30f, 1e15f);
        Tensor kept = Rounded(device, before), first = device.Empty(new Shape(sums.Length), DType.BFloat16), second = device.Empty(new Shape(sums.Length), DType.BFloat16);

        Multiply(device, rows, k, new MatrixEpilogue { Rounded = Pointer(first) }, rounded: true);
        Assert.Equal(Bits(Rounded(device, sums)), Bits(first));

        float[] values = Map(sums, x => RoundedGelu.Value(x));
        Multiply(device, rows, k, new MatrixEpilogue { Rounded = Pointer(first), Function = EpilogueFunction.Activation }, rounded: true);
        Assert.Equal(Bits(Rounded(device, values)), Bits(first));

        Multiply(device, rows, k, new MatrixEpilogue { Rounded = Pointer(first), After = Pointer(second), Function = EpilogueFunction.Activation }, rounded: true);
        Assert.Equal(Bits(Rounded(device, sums)), Bits(first));
        Assert.Equal(Bits(Rounded(device, values)), Bits(second));

        float[] exact = [.. Bits(kept).Select(x => BitConverter.UInt32BitsToSingle((uint)x << 16))], slopes = Map(exact, x => RoundedGelu.Slope(x, out _));
        Multiply(device, rows, k, new MatrixEpilogue { Rounded = Pointer(first), Before = kept.Pointer, After = kept.Pointer, Function = EpilogueFunction.ActivationGradient },
            rounded: true);
        Assert.Equal(Bits(Rounded(device, [.. sums.Select((x, i) => x * slopes[i])])), Bits(first));
        Assert.Equal(Bits(Rounded(device, Map(exact, x => RoundedGelu.Value(x)))), Bits(kept));
    }

    private static float[] Multiply(CpuDevice device, int rows, int k, MatrixEpilogue epilogue, bool rounded)
    {
        Tensor a = device.From(Floats(1, rows * k), rows, k), b = device.From(Floats(2, k * Columns), k, Columns), bias = device.From(Floats(4, Columns));
        var c = device.Zeros(new Shape(rows, Columns));
        epilogue.Bias = bias.F32();
        device.Matrix.Multiply(rows, Columns, k, new MatrixOperand(a.F32(), k), new MatrixOperand(b.F32(), Columns), rounded ? null : c.F32(), Columns, false, epilogue);
        return c.ToArray();
    }

    private static float[] Map(float[] x, Func<Vector512<float>, Vector512<float>> function) => [.. x.Select(v => function(Vector512.Create(v))[0])];

    private static Tensor Rounded(CpuDevice device, float[] x)
    {
        Tensor source = device.From(x), target = device.Empty(new Shape(x.Length), DType.BFloat16);
        BFloat16Rows.Round(source.F32(), Pointer(target), x.Length);
        return target;
    }

    private static ushort* Pointer(Tensor x) => x.Data<ushort>(DType.BFloat16);

    private static ushort[] Bits(Tensor x) => new Span<ushort>(Pointer(x), (int)x.Count).ToArray();

    private static float[] Floats(int seed, int count, float size = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * size)];
    }
}
