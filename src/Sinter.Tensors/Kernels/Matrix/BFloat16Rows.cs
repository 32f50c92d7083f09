using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Rows of bfloat16 in memory: from float32, rounded to nearest, ties to even, and back.</summary>
internal static unsafe class BFloat16Rows
{
    private const int Piece = 512;

    /// <summary>Rounds rows of float32; strides in elements.</summary>
    public static void Round(float* source, long sourceStride, ushort* target, long targetStride, int rows, int columns)
    {
        if (columns == Vec.Count * 2 && sourceStride == columns && rows * columns <= Piece && AssembledPacking.IsAvailable)
        {
            uint* packed = stackalloc uint[Piece / 2];
            AssembledPacking.Row(source, rows * columns, packed);
            for (int r = 0; r < rows; r++, packed += Vec.Count, target += targetStride) Vector512.Store(Vector512.Load(packed), (uint*)target);
            return;
        }
        for (int r = 0; r < rows; r++) Round(source + r * sourceStride, target + r * targetStride, columns);
    }

    /// <summary>Rounds <paramref name="count"/> float32.</summary>
    public static void Round(float* source, ushort* target, long count)
    {
        long whole = count & ~1L;
        for (long i = 0; i < whole; i += 1 << 30) Packing.Row(source + i, (int)Math.Min(whole - i, 1 << 30), (uint*)(target + i), bfloat16: true);
        if (whole == count) return;
        uint last;
        Packing.Row(source + whole, 1, &last, bfloat16: true);
        target[whole] = (ushort)last;
    }

    /// <summary>Sixteen bfloat16 as float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Load(ushort* source)
    {
        var words = Vector256.Load(source);
        // Put together of two halves, the vector would be one that the JIT carries from turn to turn of a loop.
        var wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(words) : Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words));
        return (wide << 16).AsSingle();
    }

    /// <summary>The first <paramref name="count"/> of them, zeros beyond.</summary>
    public static Vec LoadPart(ushort* source, int count)
    {
        uint* words = stackalloc uint[Vec.Count];
        for (int i = 0; i < Vec.Count; i++) words[i] = i < count ? (uint)source[i] << 16 : 0;
        return Vector512.Load(words).AsSingle();
    }
}
