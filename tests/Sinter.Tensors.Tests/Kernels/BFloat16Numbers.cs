namespace Sinter.Tensors.Tests.Kernels;

/// <summary>bfloat16 in plain arithmetic, for comparison.</summary>
internal static class BFloat16Numbers
{
    /// <summary>The nearest number of 8 significant bits, ties to even, in double.</summary>
    public static float Nearest(float x)
    {
        if (x == 0 || !float.IsFinite(x)) return x;
        double unit = Math.ScaleB(1, Math.ILogB(x) - 7);
        return (float)(Math.Round(x / unit, MidpointRounding.ToEven) * unit);
    }

    /// <summary>The upper half of the nearest bfloat16's bits as float32.</summary>
    public static ushort Bits(float x) => (ushort)(BitConverter.SingleToUInt32Bits(Nearest(x)) >> 16);

    public static float Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>A step of two neighbours in k.</summary>
    public static uint Pair(float low, float high) => Bits(low) | (uint)Bits(high) << 16;

    /// <summary>Numbers from (−1, 1), some of them halfway between two neighbours.</summary>
    public static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        var x = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = random.NextSingle() * 2 - 1;
            if (i % 5 == 4) x[i] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x[i]) & 0xffff0000 | 0x8000);
        }
        return x;
    }

    /// <summary>Such numbers that are exact in bfloat16.</summary>
    public static float[] Exact(int seed, int count) => Array.ConvertAll(Random(seed, count), Nearest);
}
