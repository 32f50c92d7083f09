using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>Floating-point formats of eight bits, as tables of their 256 values in float32.</summary>
/// <remarks>Sources stand at the members of <see cref="DType"/>.</remarks>
internal static class SmallFloats
{
    private static readonly Dictionary<DType, float[]> s_tables = new()
    {
        [DType.Float8E4M3] = Create(bits => (bits & 0x7F) == 0x7F ? float.NaN : Value(bits, fractionBits: 3, bias: 7)),
        [DType.Float8E5M2] = Create(bits => (bits & 0x7C) == 0x7C ? Special(bits) : Value(bits, fractionBits: 2, bias: 15)),
        [DType.Float8E4M3Fnuz] = Create(bits => bits == 0x80 ? float.NaN : Value(bits, fractionBits: 3, bias: 8)),
        [DType.Float8E5M2Fnuz] = Create(bits => bits == 0x80 ? float.NaN : Value(bits, fractionBits: 2, bias: 16)),
        [DType.Float8E8M0] = Create(bits => bits == 0xFF ? float.NaN : float.ScaleB(1, bits - 127)),
    };

    /// <summary>The values of a type of eight bits; null for other types.</summary>
    public static float[]? Table(DType type) => s_tables.GetValueOrDefault(type);

    private static float[] Create(Func<int, float> value) => [.. Enumerable.Range(0, 256).Select(value)];

    private static float Value(int bits, int fractionBits, int bias)
    {
        int exponent = (bits & 0x7F) >> fractionBits, fraction = bits & ((1 << fractionBits) - 1);
        float size = exponent == 0
            ? float.ScaleB(fraction, 1 - bias - fractionBits)
            : float.ScaleB(fraction + (1 << fractionBits), exponent - bias - fractionBits);
        return (bits & 0x80) != 0 ? -size : size;
    }

    private static float Special(int bits) =>
        (bits & 3) != 0 ? float.NaN : (bits & 0x80) != 0 ? float.NegativeInfinity : float.PositiveInfinity;
}
