using System.Runtime.CompilerServices;

namespace Sinter.Tensors;

/// <summary>
/// The counter-based generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC11), section 3.3. A
/// block is a pure function of a 128-bit counter and a 64-bit key: nothing is stored, and any position can be asked for in any order from any thread.
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The block at a counter, given as four words from the least significant, under a key of two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new(c0, c1, c2, c3);
    }

    /// <summary>The block at the counter <paramref name="high"/>·2⁶⁴ + <paramref name="low"/> under <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(ulong key, ulong low, ulong high = 0) =>
        Block((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32), (uint)key, (uint)(key >> 32));

    /// <summary>
    /// A number in [0, <paramref name="bound"/>), each exactly as likely as the others: a function of key, index and stream only. Multiplies and
    /// rejects as in Lemire, "Fast Random Integer Generation in an Interval" (2019), section 4.
    /// </summary>
    /// <param name="bound">At least 1.</param>
    /// <param name="key">The seed.</param>
    /// <param name="index">Which number of the stream.</param>
    /// <param name="stream">Keeps uses of one seed apart. Words 0–1 of the counter are the index, word 2 is the stream, word 3 counts the
    /// rejections.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is 0.</exception>
    public static ulong Below(ulong bound, ulong key, ulong index, uint stream = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        ulong rejected = (0 - bound) % bound;
        for (uint attempt = 0; ; attempt++)
        {
            PhiloxBlock block = Block(key, index, (ulong)attempt << 32 | stream);
            ulong result = Math.BigMul(block.Low, bound, out ulong low);
            if (low >= rejected) return result;
            result = Math.BigMul(block.High, bound, out low);
            if (low >= rejected) return result;
        }
    }
}
