using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// The random numbers of one parameter: functions of the seed, its name and a position (Philox). The last words of the counter are the name's hash
/// and the
/// use, so that no two uses share a block: 0 is left to the data's order.
/// </summary>
internal readonly struct ParameterRandom(ulong seed, string name)
{
    private const ulong NormalUse = 1, UniformUse = 2, BitsUse = 3, TruncatedUse = 1 << 16;
    private readonly ulong _stream = (ulong)StableHash.Of(name) << 32;

    /// <summary>Normal with mean 0 and variance 1, times a deviation, plus a mean; four to a block (Box and Muller, 1958).</summary>
    public void Normal(Span<float> values, double mean, double std)
    {
        float deviation = (float)std;
        Span<double> four = stackalloc double[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Four(Philox.Block(seed, (ulong)i / 4, _stream | NormalUse), four);
            for (int j = 0; j < Math.Min(4, values.Length - i); j++) values[i + j] = (float)(four[j] * deviation + mean);
        }
    }

    /// <summary>Uniform in [min, max), but for the rounding to float32; four to a block.</summary>
    public void Uniform(Span<float> values, double min, double max)
    {
        double width = (max - min) / 4294967296.0;
        for (int i = 0; i < values.Length; i += 4)
        {
            var block = Philox.Block(seed, (ulong)i / 4, _stream | UniformUse);
            values[i] = (float)(min + width * block.X0);
            if (i + 1 < values.Length) values[i + 1] = (float)(min + width * block.X1);
            if (i + 2 < values.Length) values[i + 2] = (float)(min + width * block.X2);
            if (i + 3 < values.Length) values[i + 3] = (float)(min + width * block.X3);
        }
    }

    /// <summary>The standard normal number of one position, on the condition that its magnitude is at most <paramref name="cutoff"/>: the first that
    /// is, of
    /// a stream of the position's own.</summary>
    public double NormalWithin(long position, double cutoff)
    {
        Span<double> four = stackalloc double[4];
        for (ulong attempt = 0; ; attempt++)
        {
            Four(Philox.Block(seed, (ulong)position, _stream | (TruncatedUse + attempt)), four);
            foreach (double value in four)
                if (Math.Abs(value) <= cutoff) return value;
        }
    }

    /// <summary>64 random bits of one position.</summary>
    public ulong Bits(long position) => Philox.Block(seed, (ulong)position, _stream | BitsUse).Low;

    private static void Four(PhiloxBlock block, Span<double> values)
    {
        Pair(block.X0, block.X1, out values[0], out values[1]);
        Pair(block.X2, block.X3, out values[2], out values[3]);
    }

    private static void Pair(uint a, uint b, out double first, out double second)
    {
        double radius = Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967296.0)), angle = 2 * Math.PI * b / 4294967296.0;
        (first, second) = (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }
}
