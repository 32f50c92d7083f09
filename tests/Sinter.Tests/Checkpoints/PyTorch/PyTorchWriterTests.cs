using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.PyTorch;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints.PyTorch;

public sealed class PyTorchWriterTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using var folder = new TempFolder();
        FileHash hash = PyTorchWriter.Write(folder["x.pt"], Tensors());
        Assert.Equal(FileHash.Of(folder["x.pt"]), hash);
        using var file = PyTorchReader.Open(folder["x.pt"]);
        Assert.Equal(Tensors().Select(t => t.Name), file.Entries.Select(e => e.Name));
        foreach (SafetensorsTensor tensor in Tensors())
        {
            TensorEntry entry = file.Get(tensor.Name);
            Assert.Equal((tensor.DType, tensor.ByteLength), (entry.DType, entry.ByteLength));
            Assert.Equal(tensor.Shape, entry.Shape);
            Assert.Equal(0, entry.Offset % 64);
            byte[] written = [];
            tensor.WriteTo(part => written = [.. written, .. part]);
            Assert.Equal(written, PyTorchReferences.Bytes(file, entry));
        }
        Assert.Equal(file.Get("a").Offset, file.Get("tied").Offset);
    }

    [Fact]
    public void Weights_are_rounded_to_the_nearest_ties_to_even()
    {
        float[] values = [1f, 1.00390625f, 1.01171875f, -0f, float.NaN, float.PositiveInfinity, 3.3e38f, BitConverter.Int32BitsToSingle(0x7F800001)];
        var tensor = SafetensorsTensor.FromMemory("x", DType.Float32, [values.Length], TestModels.Bytes(values)).As(DType.BFloat16);
        using var folder = new TempFolder();
        SafetensorsWriter.Write(folder["x"], [tensor]);
        using var file = SafetensorsReader.Open(folder["x"]);
        float[] read = file.ReadFloat32(file.Get("x"));
        Assert.Equal([1f, 1f, 1.015625f, -0f], read[..4]);
        Assert.True(float.IsNaN(read[4]) && float.IsPositiveInfinity(read[5]) && float.IsFinite(read[6]) && float.IsNaN(read[7]));
        Assert.Contains("beyond the range of Float16", Assert.Throws<CheckpointException>(() => SafetensorsWriter.Write(folder["y"],
            [SafetensorsTensor.FromMemory("x", DType.Float32, [1], TestModels.Bytes([70000f])).As(DType.Float16)])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["y"]));
    }

    /// <summary>Writes files for References/pytorch/open_with_torch.py, which says whether torch and transformers take them.</summary>
    [Fact(Explicit = true)]
    public void Write_files_for_PyTorch()
    {
        string? target = Environment.GetEnvironmentVariable("SINTER_PYTORCH_CHECK");
        Assert.SkipWhen(target is null, "SINTER_PYTORCH_CHECK does not name a folder to write to.");
        Directory.CreateDirectory(target!);
        PyTorchWriter.Write(Path.Combine(target!, "types.pt"), Tensors());
        SafetensorsWriter.Write(Path.Combine(target!, "types.safetensors"), Tensors().Where(t => t.DType != DType.Complex64));
        foreach (WeightFormat format in WeightFormat.All)
        {
            foreach (DType type in (DType[])[DType.Float32, DType.BFloat16, DType.Float16])
            {
                var saving = new WeightSaving { Format = format, DType = type, MaxShardBytes = type == DType.Float16 ? 1 << 20 : 1000 };
                AtomicFolder.Write(Path.Combine(target!, $"llama-{format.Name}-{type}"),
                    folder => HuggingFaceFolder.Write(folder, TestModels.Llama, TestModels.Weights(TestModels.Llama), null, saving));
            }
        }
    }

    private static List<SafetensorsTensor> Tensors()
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (DType type in Enum.GetValues<DType>().Where(t => PyTorchTypes.Name(t) is not null))
        {
            var bytes = new byte[6 * type.Size()];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(type == DType.Bool ? i % 2 : 40 + i);
            tensors.Add(SafetensorsTensor.FromMemory(type.ToString(), type, [2, 3], bytes));
        }
        SafetensorsTensor a = SafetensorsTensor.FromMemory("a", DType.Float32, [2, 2], TestModels.Bytes([1, 2, 3, 4]));
        return
        [
            .. tensors, a, SafetensorsTensor.FromMemory("größe.中", DType.Float32, [], TestModels.Bytes([5])), SafetensorsTensor.Zeros("zeros", DType.Float32, [70_000]),
            SafetensorsTensor.Zeros("empty", DType.Float32, [0, 3]), a.Renamed("tied"),
        ];
    }
}
