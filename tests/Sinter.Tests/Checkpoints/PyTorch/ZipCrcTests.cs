using System.IO.Hashing;
using Sinter.Checkpoints.PyTorch;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints.PyTorch;

public sealed class ZipCrcTests
{
    [Fact]
    public void It_is_the_frameworks_for_any_length()
    {
        byte[] bytes = new byte[5000];
        new Random(1).NextBytes(bytes);
        foreach (int length in (int[])[0, 1, 63, 64, 255, 256, 257, 511, 512, 513, 767, 768, 1023, 1024, 4095, 4096, 5000])
            Assert.Equal(Crc32.HashToUInt32(bytes.AsSpan(0, length)), ZipCrc.Of(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Parts_are_put_together()
    {
        byte[] bytes = new byte[5000];
        new Random(2).NextBytes(bytes);
        foreach (int cut in (int[])[0, 1, 700, 2500, 4999, 5000])
            Assert.Equal(Crc32.HashToUInt32(bytes), ZipCrc.Combine(ZipCrc.Of(bytes.AsSpan(0, cut)), ZipCrc.Of(bytes.AsSpan(cut)), bytes.Length - cut));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_000_000)]
    [InlineData(17_999_999)]
    public unsafe void A_storage_read_in_parts_by_several_threads_is_checked_whole(int damaged)
    {
        const int elements = 4_500_000;   // three parts
        using var folder = new TempFolder();
        PyTorchWriter.Write(folder["x.pt"], [SafetensorsTensor.Zeros("x", DType.Float32, [elements])]);
        float[] into = new float[elements];
        Load();
        long offset;
        using (var file = PyTorchReader.Open(folder["x.pt"])) offset = file.Get("x").Offset;
        using (FileStream bytes = File.OpenWrite(folder["x.pt"]))
        {
            bytes.Position = offset + damaged;
            bytes.WriteByte(1);
        }
        Assert.Contains("is damaged: its CRC-32", Assert.Throws<CheckpointException>(Load).Message, StringComparison.Ordinal);

        void Load()
        {
            using var file = PyTorchReader.Open(folder["x.pt"]);
            fixed (float* destination = into)
                WeightLoading.Run([new WeightLoad(file, file.Get("x"), (nint)destination)]);
        }
    }
}
