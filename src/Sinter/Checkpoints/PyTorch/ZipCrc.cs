using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The CRC-32 of zip archives, in parts that are put together, and at the memory's speed where the processor multiplies polynomials in 512 bits: the
/// framework's takes 128.</summary>
/// <remarks>Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009. Bits are reflected: the highest of a
/// number is the coefficient of x⁰.</remarks>
internal static class ZipCrc
{
    private const uint Polynomial = 0xEDB88320, One = 1u << 31, X = 1u << 30;
    private const int StateBytes = 4 * 64, FewestBytes = 2 * StateBytes;

    // What moves the two halves of 128 bits by the bits of a state; a product of reflected numbers is one bit short.
    private static readonly Vector512<ulong> Shift =
        Vector512.Create(Vector256.Create(Vector128.Create((ulong)Power(8 * StateBytes + 32) << 1, (ulong)Power(8 * StateBytes - 32) << 1)));

    /// <summary>The CRC of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new Crc32();
        if (Pclmulqdq.V512.IsSupported && bytes.Length >= FewestBytes)
        {
            Span<byte> state = stackalloc byte[StateBytes];
            bytes = bytes[Fold(bytes, state)..];
            hash.Append(state);
        }
        hash.Append(bytes);
        return hash.GetCurrentHashAsUInt32();
    }

    /// <summary>The CRC of what follows each other.</summary>
    /// <param name="first">The CRC of the first.</param>
    /// <param name="second">The CRC of the second.</param>
    /// <param name="length">The bytes of the second.</param>
    public static uint Combine(uint first, uint second, long length) => Multiply(Power(8 * length), first) ^ second;

    /// <summary>Folds whole blocks into one that has the same CRC, and gives their bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fold(ReadOnlySpan<byte> bytes, Span<byte> state)
    {
        // The register begins with ones, once: what is added here is taken back at the end, since the state goes through another CRC.
        var ones = Vector512.CreateScalar((ulong)uint.MaxValue);
        Vector512<ulong> shift = Shift;
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        Vector512<ulong> a = Load(ref source, 0) ^ ones, b = Load(ref source, 64), c = Load(ref source, 128), d = Load(ref source, 192);
        nuint at = StateBytes, end = (nuint)(bytes.Length / StateBytes * StateBytes);
        for (; at < end; at += StateBytes)
        {
            a = Fold(a, shift) ^ Load(ref source, at);
            b = Fold(b, shift) ^ Load(ref source, at + 64);
            c = Fold(c, shift) ^ Load(ref source, at + 128);
            d = Fold(d, shift) ^ Load(ref source, at + 192);
        }
        (a ^ ones).AsByte().CopyTo(state);
        b.AsByte().CopyTo(state[64..]);
        c.AsByte().CopyTo(state[128..]);
        d.AsByte().CopyTo(state[192..]);
        return (int)end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> value, Vector512<ulong> shift) =>
        Pclmulqdq.V512.CarrylessMultiply(value, shift, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(value, shift, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref byte source, nuint at) => Vector512.LoadUnsafe(ref source, at).AsUInt64();

    /// <summary>x to the power of <paramref name="exponent"/>, modulo the polynomial.</summary>
    private static uint Power(long exponent)
    {
        uint power = One, square = X;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) power = Multiply(power, square);
            square = Multiply(square, square);
        }
        return power;
    }

    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) product ^= b;
            b = (b >> 1) ^ ((b & 1) * Polynomial);
        }
        return product;
    }
}
