using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>Conversion of stored elements to float32, and of float32 to what is stored.</summary>
internal static class ElementConversion
{
    /// <summary>Whether elements of <paramref name="type"/> can be read as float32.</summary>
    public static bool HasFloat32(DType type) =>
        type is DType.Float32 or DType.Float16 or DType.BFloat16 or DType.Float64 || SmallFloats.Table(type) is not null;

    /// <summary>Converts little-endian elements of <paramref name="type"/>; false when a finite float64 has no finite float32.</summary>
    public static bool ToFloat32(DType type, ReadOnlySpan<byte> source, Span<float> target)
    {
        switch (type)
        {
            case DType.Float32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                return true;
            case DType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), target);
                return true;
            case DType.BFloat16:
                WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(source), target);
                return true;
            case DType.Float64:
                return NarrowFloat64(MemoryMarshal.Cast<byte, double>(source), target);
            default:
                float[] table = SmallFloats.Table(type) ?? throw new ArgumentOutOfRangeException(nameof(type), type, null);
                for (int i = 0; i < source.Length; i++)
                    target[i] = table[source[i]];
                return true;
        }
    }

    /// <summary>Whether float32 can be stored as <paramref name="type"/>.</summary>
    public static bool IsStorable(DType type) => type is DType.Float32 or DType.BFloat16 or DType.Float16;

    /// <summary>Rounds float32 to the nearest number of <paramref name="type"/>, ties to even, as PyTorch does; false when a finite one becomes
    /// infinite.</summary>
    public static bool FromFloat32(DType type, ReadOnlySpan<float> source, Span<byte> target)
    {
        if (type == DType.Float32)
        {
            MemoryMarshal.AsBytes(source).CopyTo(target);
            return true;
        }
        Span<ushort> bits = MemoryMarshal.Cast<byte, ushort>(target);
        bool fits = true;
        for (int i = 0; i < source.Length; i++)
        {
            bits[i] = type == DType.BFloat16 ? ToBFloat16(source[i]) : BitConverter.HalfToUInt16Bits((Half)source[i]);
            // All exponent bits set and no fraction: infinite.
            uint infinity = type == DType.BFloat16 ? 0x7F80u : 0x7C00u;
            fits &= (bits[i] & 0x7FFFu) != infinity | !float.IsFinite(source[i]);
        }
        return fits;
    }

    // A NaN whose upper fraction bits are zero would round to infinity.
    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
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
