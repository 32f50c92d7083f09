using System.Buffers.Binary;
using System.Text;

namespace Sinter.Tests.Checkpoints;

/// <summary>Safetensors files put together byte by byte.</summary>
internal static class SafetensorsBytes
{
    public static byte[] File(string header, int dataBytes, long? claimedHeaderBytes = null) =>
        File(Encoding.UTF8.GetBytes(header), dataBytes, claimedHeaderBytes);

    public static byte[] File(byte[] header, int dataBytes, long? claimedHeaderBytes = null)
    {
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimedHeaderBytes ?? header.Length);
        header.CopyTo(file, 8);
        for (int i = 0; i < dataBytes; i++)
            file[8 + header.Length + i] = (byte)(i + 1);
        return file;
    }

    /// <summary>Two tensors, a scalar, an empty one and metadata, as a writer makes them.</summary>
    public static byte[] Small() => File(
        """
        {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
        "b":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]},"s":{"dtype":"U8","shape":[],"data_offsets":[28,29]},
        "e":{"dtype":"F16","shape":[0,7],"data_offsets":[29,29]}}
        """ + "   ",
        29);
}
