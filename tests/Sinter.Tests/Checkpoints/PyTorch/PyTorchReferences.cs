using System.Runtime.InteropServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints.PyTorch;

/// <summary>The files that References/pytorch/make.py wrote, and the values that it says are in them.</summary>
internal static class PyTorchReferences
{
    public static string Path(string name) => System.IO.Path.Combine(CheckpointReferences.Path("../pytorch"), name);

    /// <summary>Compares every tensor of a file with the expected bytes.</summary>
    public static void AssertEqual(TensorFile file, string name)
    {
        using var expected = SafetensorsReader.Open(Path("expected.safetensors"));
        string prefix = name + "/";
        List<TensorEntry> wanted = [.. expected.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal) && !e.Name.EndsWith(".float32", StringComparison.Ordinal))];
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Select(e => e.Name[prefix.Length..]).Order(StringComparer.Ordinal), file.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        foreach (TensorEntry want in wanted)
        {
            TensorEntry got = file.Get(want.Name[prefix.Length..]);
            // safetensors has no complex64 from PyTorch: pairs of float32 instead.
            Assert.Equal(got.DType == DType.Complex64 ? [.. got.Shape, 2] : got.Shape, want.Shape);
            Assert.Equal(Bytes(expected, want), Bytes(file, got));
        }
    }

    /// <summary>All bytes of a tensor in its own type.</summary>
    public static unsafe byte[] Bytes(TensorFile file, TensorEntry entry)
    {
        var bytes = new byte[entry.ByteLength];
        fixed (byte* destination = bytes) file.CopyTo(entry, destination, entry.DType);
        return bytes;
    }

    /// <summary>float32 values as bits, so that NaN equals NaN.</summary>
    public static uint[] Bits(float[] values) => MemoryMarshal.Cast<float, uint>(values).ToArray();
}
