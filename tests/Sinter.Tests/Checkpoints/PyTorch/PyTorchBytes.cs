using System.IO.Compression;
using System.Text;

namespace Sinter.Tests.Checkpoints.PyTorch;

/// <summary>PyTorch files put together by hand.</summary>
internal static class PyTorchBytes
{
    /// <summary>An archive of these files, under the folder that torch.save makes.</summary>
    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream stream = zip.CreateEntry("archive/" + name, CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }
        return memory.ToArray();
    }

    /// <summary>The float32 tensor "w" as a view of a storage.</summary>
    public static byte[] Tensor(long offset, long[] shape, long[] strides, long elements, byte[] storage)
    {
        byte[] pickle =
        [
            0x80, 2, .. Ascii("}X"), .. Text("w"), .. Ascii("ctorch._utils\n_rebuild_tensor_v2\n((X"), .. Text("storage"),
            .. Ascii("ctorch\nFloatStorage\nX"), .. Text("0"), (byte)'X', .. Text("cpu"), .. Long(elements), .. Ascii("tQ"), .. Long(offset),
            .. Tuple(shape), .. Tuple(strides), 0x89, .. Ascii("ccollections\nOrderedDict\n)RtRs."),
        ];
        return Zip(("data.pkl", pickle), ("data/0", storage), ("version", "3\n"u8.ToArray()));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(text.Length), .. Ascii(text)];

    private static byte[] Long(long value) => [0x8a, 8, .. BitConverter.GetBytes(value)];

    private static byte[] Tuple(long[] values) => [(byte)'(', .. values.SelectMany(Long), (byte)'t'];
}
