namespace Sinter.Tensors;

/// <summary>The 128 random bits that one counter gives, in the order of the generator's words.</summary>
public readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3)
{
    /// <summary>The first two words as one number, <see cref="X0"/> the lower half.</summary>
    public ulong Low => (ulong)X1 << 32 | X0;

    /// <summary>The last two words as one number, <see cref="X2"/> the lower half.</summary>
    public ulong High => (ulong)X3 << 32 | X2;

    /// <summary>Maps 32 random bits to a multiple of 2⁻²⁴ in [0, 1).</summary>
    public static float ToUnit(uint bits) => (bits >> 8) * (1f / (1 << 24));

    /// <summary>Maps 64 random bits to a multiple of 2⁻⁵³ in [0, 1).</summary>
    public static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));
}
