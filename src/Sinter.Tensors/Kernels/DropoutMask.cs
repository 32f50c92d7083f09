using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// Sixty-four numbers of Philox4x32-10 (see <see cref="Philox"/>) at a time: 32-bit words in 64-bit lanes, whose upper halves the multiplication
/// ignores. Element e of a sample takes word (e ÷ 16) mod 4 of the block at counter (e ÷ 64 · 16 + e mod 16, sample): no word moves between lanes.
/// </summary>
internal readonly unsafe struct DropoutMask
{
    /// <summary>Elements of one group.</summary>
    public const int Group = 64;

    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    private readonly uint _key0, _key1, _threshold;
    private readonly float _scale;

    /// <summary>A mask that drops with <paramref name="probability"/> and scales the rest by 1 ÷ (1 − probability).</summary>
    public DropoutMask(ulong key, float probability)
    {
        (_key0, _key1) = ((uint)key, (uint)(key >> 32));
        _threshold = (uint)(probability * 4294967296.0);
        _scale = (float)(1 / (1 - (double)probability));
    }

    /// <summary>The factors, 0 or the scale, of elements <paramref name="group"/> · 64 to + 63 of a sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Factors(ulong sample, ulong group, out Vec f0, out Vec f1, out Vec f2, out Vec f3)
    {
        var low = Vector512.Create(group * 16) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        Words(low, sample, out var a0, out var a1, out var a2, out var a3);
        Words(low + Vector512.Create(8UL), sample, out var b0, out var b1, out var b2, out var b3);
        f0 = Factor(a0, b0);
        f1 = Factor(a1, b1);
        f2 = Factor(a2, b2);
        f3 = Factor(a3, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Words(Vector512<ulong> c0, ulong sample, out Vector512<ulong> x0, out Vector512<ulong> x1, out Vector512<ulong> x2,
        out Vector512<ulong> x3)
    {
        Vector512<ulong> c1 = c0 >> 32, c2 = Vector512.Create(sample), c3 = Vector512.Create(sample >> 32);
        uint k0 = _key0, k1 = _key1;
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> p0 = MultiplyLow(c0, Multiplier0), p1 = MultiplyLow(c2, Multiplier1);
            c0 = (p1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            (c1, c3) = (p1, p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        (x0, x1, x2, x3) = (c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vec Factor(Vector512<ulong> first, Vector512<ulong> second)
    {
        var keep = Vector512.GreaterThanOrEqual(Vector512.Narrow(first, second), Vector512.Create(_threshold));
        return keep.AsSingle() & Vector512.Create(_scale);
    }

    /// <summary>The 64-bit products of the lower halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyLow(Vector512<ulong> x, uint factor)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(x.AsUInt32(), Vector512.Create((ulong)factor).AsUInt32());
        if (Avx2.IsSupported)
        {
            var f = Vector256.Create((ulong)factor).AsUInt32();
            return Vector512.Create(Avx2.Multiply(x.GetLower().AsUInt32(), f), Avx2.Multiply(x.GetUpper().AsUInt32(), f));
        }
        return (x & Vector512.Create(0xffffffffUL)) * Vector512.Create((ulong)factor);
    }
}
