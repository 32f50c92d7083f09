using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

/// <summary>The assembled activation gives the bits of the compiled one and of the packing's conversion.</summary>
public sealed unsafe class AssembledGeluTests
{
    private const int Columns = AssembledGelu.Columns, Stride = Columns + 5;

    [Theory]
    [InlineData(1, true, true), InlineData(2, true, false), InlineData(7, false, true), InlineData(12, false, false)]
    public void Activations_are_those_of_the_compiled_code(int rows, bool hasBias, bool keepsSum)
    {
        Assert.SkipUnless(AssembledGelu.IsAvailable, "The processor has no AVX-512 BF16, or executable memory is refused.");
        float[] tile = Values(rows * Columns, 1), bias = Values(Columns, 2);
        ushort[] result = Filled(rows), after = Filled(rows), wantResult = Filled(rows), wantAfter = Filled(rows);
        for (int i = 0; i < tile.Length; i++)
        {
            float sum = tile[i] + (hasBias ? bias[i % Columns] : 0);
            ushort value = Rounded(RoundedGelu.Value(Vector512.Create(sum)));
            int at = i / Columns * Stride + i % Columns;
            wantResult[at] = keepsSum ? Rounded(Vector512.Create(sum)) : value;
            if (keepsSum) wantAfter[at] = value;
        }
        fixed (float* t = tile, b = bias)
        fixed (ushort* r = result, a = after)
            AssembledGelu.Activate(t, hasBias ? b : null, r, keepsSum ? a : null, Stride, rows);
        Assert.Equal(wantResult, result);
        Assert.Equal(wantAfter, after);
    }

    [Theory]
    [InlineData(1), InlineData(5), InlineData(12)]
    public void Gradients_are_those_of_the_compiled_code(int rows)
    {
        Assert.SkipUnless(AssembledGelu.IsAvailable, "The processor has no AVX-512 BF16, or executable memory is refused.");
        float[] tile = Values(rows * Columns, 3), kept = Values(rows * Columns, 4);
        ushort[] result = Filled(rows), after = Filled(rows), wantResult = Filled(rows), wantAfter = Filled(rows);
        for (int i = 0; i < tile.Length; i++)
        {
            int at = i / Columns * Stride + i % Columns;
            after[at] = Rounded(Vector512.Create(kept[i]));
            var before = Vector512.Create((uint)after[at] << 16).AsSingle();
            wantResult[at] = Rounded(RoundedGelu.Slope(before, out var value) * Vector512.Create(tile[i]));
            wantAfter[at] = Rounded(value);
        }
        fixed (float* t = tile)
        fixed (ushort* r = result, a = after)
            AssembledGelu.Back(t, a, r, a, Stride, rows);
        Assert.Equal(wantResult, result);
        Assert.Equal(wantAfter, after);
    }

    /// <summary>Numbers of every size, with what is no number among them.</summary>
    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 3)));
        (values[0], values[3], values[9], values[17], values[31]) = (0, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1e30f);
        return values;
    }

    private static ushort[] Filled(int rows)
    {
        var values = new ushort[rows * Stride];
        Array.Fill(values, (ushort)0x1234);
        return values;
    }

    private static ushort Rounded(Vector512<float> x)
    {
        float single = x.ToScalar();
        ushort rounded;
        BFloat16Rows.Round(&single, &rounded, 1);
        return (rounded & 0x7f80) == 0 ? (ushort)(rounded & 0x8000) : rounded;   // the processor's conversion makes zeros of denormals
    }
}
