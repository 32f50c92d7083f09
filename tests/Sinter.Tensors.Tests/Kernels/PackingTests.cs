using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class PackingTests
{
    // Around a vector of 16 columns, a group of 32 numbers in a row, and an odd number of rows.
    [Theory]
    [InlineData(1, 1), InlineData(2, 15), InlineData(3, 16), InlineData(7, 17), InlineData(32, 32), InlineData(33, 33), InlineData(65, 50), InlineData(10, 96)]
    public void A_block_holds_pairs_rounded_to_nearest_even(int length, int width)
    {
        int padded = (width + 11) / 12 * 12, steps = (length + 1) / 2;
        float[] source = Numbers(length * width);
        var packed = new uint[steps * padded];
        fixed (float* s = source)
        fixed (uint* p = packed) Packing.Panel(s, width, length, width, padded, p, bfloat16: true);
        for (int step = 0; step < steps; step++)
            for (int column = 0; column < padded; column++)
            {
                float At(int k) => k < length && column < width ? source[k * width + column] : 0;
                Same(At(2 * step), At(2 * step + 1), packed[step * padded + column]);
            }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(31), InlineData(32), InlineData(33), InlineData(64), InlineData(100)]
    public void A_row_holds_neighbours_rounded_to_nearest_even(int length)
    {
        float[] source = Numbers(length);
        var packed = new uint[(length + 1) / 2];
        fixed (float* s = source)
        fixed (uint* p = packed) Packing.Row(s, length, p, bfloat16: true);
        for (int i = 0; i < packed.Length; i++) Same(source[2 * i], 2 * i + 1 < length ? source[2 * i + 1] : 0, packed[i]);
    }

    private static void Same(float low, float high, uint pair)
    {
        Same(low, (ushort)pair);
        Same(high, (ushort)(pair >> 16));
    }

    private static void Same(float want, ushort got)
    {
        float value = BitConverter.UInt32BitsToSingle((uint)got << 16);
        if (float.IsNaN(want)) Assert.True(float.IsNaN(value), "a NaN must stay one");
        else Assert.Equal(BFloat16Numbers.Nearest(want), value);
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        var x = new float[count];
        for (int i = 0; i < count; i++) x[i] = (random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-40, 40));
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1.00390625f, 1.01171875f, float.MaxValue];
        for (int i = 0; i < odd.Length && 3 * i < count; i++) x[3 * i] = odd[i];
        return x;
    }
}
