using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>Conversion of stored elements to float32.</summary>
internal static class ElementConversion
{
    /// <summary>Whether elements of <paramref name="type"/> can be read as float32.</summary>
    public static bool HasFloat32(DType type) => type is DType.Float16 or DType.BFloat16 or DType.Float64;

    /// <summary>Converts little-endian elements of <paramref name="type"/>; false when a finite float64 has no finite float32.</summary>
    public static bool ToFloat32(DType type, ReadOnlySpan<byte> source, Span<float> target)
    {
        switch (type)
        {
            case DType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), target);
                return true;
            case DType.BFloat16:
                WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(source), target);
                return true;
            case DType.Float64:
                return NarrowFloat64(MemoryMarshal.Cast<byte, double>(source), target);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    private static void WidenBFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(target);
        int width = Vector<ushort>.Count, i = 0;
        for (; i <= source.Length - width; i += width)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out Vector<uint> low, out Vector<uint> high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + (width / 2))..]);
        }
        for (; i < source.Length; i++)
            bits[i] = (uint)source[i] << 16;
    }

    private static bool NarrowFloat64(ReadOnlySpan<double> source, Span<float> target)
    {
        bool fits = true;
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)source[i];
            fits &= float.IsFinite(target[i]) | !double.IsFinite(source[i]);
        }
        return fits;
    }
}
