using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sinter.Monitoring.TensorBoard;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) and the mask that TFRecord files put on it. <see cref="BitOperations"/> uses the
/// processor's instruction where there is one, and a table where not.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        // The words are the file's bytes in order, so a big-endian processor has to turn them.
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte b in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Rotated and shifted, since a checksum of data that holds checksums is a weak one (tensorflow/core/lib/hash/crc32c.h).</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Compute(bytes), 15) + 0xa282ead8u;
}
