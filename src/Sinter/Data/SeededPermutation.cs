using System.Numerics;
using Sinter.Tensors;

namespace Sinter.Data;

/// <summary>
/// A permutation of [0, n) that needs no memory: a Feistel network on the smallest even number of bits that holds n, with Philox as its round
/// function, applied again while the result is not below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, sections 3 and 5).
/// </summary>
internal readonly struct SeededPermutation
{
    private const int Rounds = 6;

    private readonly ulong _count;
    private readonly ulong _seed;
    private readonly ulong _stream;
    private readonly int _halfBits;

    /// <summary>The permutation that a seed and a stream decide.</summary>
    /// <param name="count">n, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Which of the seed's permutations.</param>
    public SeededPermutation(long count, ulong seed, ulong stream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_count, _seed, _stream) = ((ulong)count, seed, stream);
        int bits = 64 - BitOperations.LeadingZeroCount(_count - 1);
        _halfBits = Math.Max(1, (bits + 1) / 2);
    }

    /// <summary>Where <paramref name="index"/>, in [0, n), goes.</summary>
    public long this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, _count, nameof(index));
            ulong value = (ulong)index;
            // A cycle through the larger domain comes back below n after less than four steps on average.
            do value = Network(value);
            while (value >= _count);
            return (long)value;
        }
    }

    private ulong Network(ulong value)
    {
        ulong mask = (1UL << _halfBits) - 1, left = value >> _halfBits, right = value & mask;
        for (uint round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (Philox.Block(_seed, right, _stream * Rounds + round).Low & mask));
        return left << _halfBits | right;
    }
}
