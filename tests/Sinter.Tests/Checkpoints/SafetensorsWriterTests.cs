using System.Security.Cryptography;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public unsafe void What_is_written_is_read_back()
    {
        using var folder = new TempFolder();
        float[] values = [1, -2, float.NaN, float.PositiveInfinity, -0f, float.Epsilon];
        string path = folder["a.safetensors"];
        FileHash hash;
        fixed (float* data = values)
        {
            hash = SafetensorsWriter.Write(path,
                [
                    SafetensorsTensor.FromMemory("bytes", DType.UInt8, [3], new byte[] { 7, 8, 9 }),
                    SafetensorsTensor.FromPointer("größe", DType.Float32, [2, 3], data),
                    SafetensorsTensor.Zeros("zeros", DType.Float32, [70_001]),
                    SafetensorsTensor.FromPointer("none", DType.Float32, [0], null),
                    SafetensorsTensor.Zeros("scalar", DType.Float64, []),
                ],
                new Dictionary<string, string> { ["note"] = "\"中\"" });
        }
        byte[] written = File.ReadAllBytes(path);
        Assert.Equal(new FileHash(written.Length, Convert.ToHexStringLower(SHA256.HashData(written))), hash);
        Assert.Equal(hash, FileHash.Of(path));
        using var reader = SafetensorsReader.Open(path);
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["note"] = "\"中\"" }, reader.Metadata);
        Assert.Equal(TestModels.Bytes(values), TestModels.Bytes(reader.ReadFloat32(reader.Get("größe"))));
        Assert.Equal(new float[70_001], reader.ReadFloat32(reader.Get("zeros")));
        Assert.Equal(["scalar", "größe", "zeros", "none", "bytes"], reader.Entries.Select(e => e.Name));
        Assert.All(reader.Entries, entry => Assert.Equal(0, entry.Offset % entry.DType.Size()));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_failed_write_leaves_the_file_that_was_there()
    {
        using var folder = new TempFolder();
        string path = folder.File("a.safetensors", [1, 2, 3]);
        SafetensorsTensor twice = SafetensorsTensor.Zeros("x", DType.Float32, [1]);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [twice, twice]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [SafetensorsTensor.Zeros("__metadata__", DType.Float32, [1])]));
        Assert.Throws<InvalidTimeZoneException>(() => DurableFile.Write(path, file =>
        {
            file.Append([9]);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Impossible_tensors_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.Zeros("", DType.Float32, [1]));
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.Zeros("x", DType.Float32, [1L << 62]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SafetensorsTensor.Zeros("x", DType.Float32, [-1]));
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromMemory("x", DType.Float32, [2], new byte[7]));
        unsafe
        {
            Assert.Throws<ArgumentNullException>(() => SafetensorsTensor.FromPointer("x", DType.Float32, [2], null));
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();
        string path = folder["none/a.safetensors"];
        Assert.StartsWith($"{path}: writing failed: there is no such file or folder",
            Assert.Throws<CheckpointException>(() => SafetensorsWriter.Write(path, [])).Message, StringComparison.Ordinal);
    }
}
