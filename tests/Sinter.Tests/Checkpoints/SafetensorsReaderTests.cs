using System.Runtime.InteropServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class SafetensorsReaderTests
{
    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        using var folder = new TempFolder();
        byte[] whole = SafetensorsBytes.Small();
        ReadAll(folder.File("whole", whole));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.File("cut", whole[..length]);
            string message = Assert.Throws<CheckpointException>(() => ReadAll(path)).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        using var folder = new TempFolder();
        byte[] whole = SafetensorsBytes.Small();
        var random = new Random(20250101);
        int refused = 0;
        const int rounds = 4000;
        for (int round = 0; round < rounds; round++)
        {
            string path = folder.File("damaged", Mutate(random, whole));
            try
            {
                ReadAll(path);
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }
        // Changes to data, and to a few letters of names, leave a valid file.
        Assert.InRange(refused, rounds / 2, rounds - 1);
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_gives_an_error()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows does not let a file that is open for reading be cut short.");
        using var folder = new TempFolder();
        byte[] bytes = SafetensorsBytes.Small();
        string path = folder.File("model.safetensors", bytes);
        using var reader = SafetensorsReader.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(bytes.Length - 15);
        var error = Assert.Throws<CheckpointException>(() => reader.ReadFloat32(reader.Get("a")));
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("shorter since it was opened", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("f64")]
    public void Conversions_are_those_of_PyTorch(string name)
    {
        using var reader = SafetensorsReader.Open(CheckpointReferences.Path("types.safetensors"));
        float[] expected = reader.ReadFloat32(reader.Get(name + ".float32")), found = reader.ReadFloat32(reader.Get(name));
        Assert.Equal(expected.Length, found.Length);
        Assert.Contains(expected, float.IsNaN);
        for (int i = 0; i < expected.Length; i++)
        {
            // Which NaN a NaN becomes is the processor's affair.
            if (!float.IsNaN(expected[i]) || !float.IsNaN(found[i]))
                Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(found[i]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(131_071)]
    [InlineData(131_073)]
    [InlineData(300_001)]
    public void Bfloat16_of_any_length_is_the_upper_half_of_a_float32(int length)
    {
        using var folder = new TempFolder();
        var bits = new ushort[length];
        new Random(length).NextBytes(MemoryMarshal.AsBytes(bits.AsSpan()));
        string path = folder["x.safetensors"];
        SafetensorsWriter.Write(path, [SafetensorsTensor.FromMemory("x", DType.BFloat16, [length], MemoryMarshal.AsBytes(bits.AsSpan()).ToArray())]);
        using var reader = SafetensorsReader.Open(path);
        Assert.Equal(bits.Select(b => (uint)b << 16), reader.ReadFloat32(reader.Get("x")).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public unsafe void Other_types_are_read_as_they_are()
    {
        using var reader = SafetensorsReader.Open(CheckpointReferences.Path("types.safetensors"));
        var integers = new long[4];
        fixed (long* destination = integers)
            reader.CopyTo(reader.Get("i64"), destination, DType.Int64);
        Assert.Equal([1, -2, 3, 1L << 62], integers);
        int scalar;
        reader.CopyTo(reader.Get("i32.scalar"), &scalar, DType.Int32);
        Assert.Equal(-7, scalar);
        Assert.Empty(reader.Get("i32.scalar").Shape);
        Assert.Equal("größe 中", reader.Metadata["note"]);
        var last = new byte[1];
        reader.Read(reader.Get("u8"), 2, last);
        Assert.Equal(255, last[0]);
        Assert.Throws<ArgumentException>(() => reader.Read(reader.Get("u8"), 3, last));
        Assert.Throws<ArgumentException>(() => reader.Read(reader.Get("u8"), -1, last));
    }

    [Fact]
    public void A_type_that_does_not_convert_is_refused()
    {
        using var reader = SafetensorsReader.Open(CheckpointReferences.Path("types.safetensors"));
        Assert.Contains("is I64, and F32 was expected", Assert.Throws<CheckpointException>(() => reader.ReadFloat32(reader.Get("i64"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_float64_that_no_float32_holds_is_refused()
    {
        using var folder = new TempFolder();
        double[] values = [1, 1e39];
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        SafetensorsWriter.Write(folder["x"], [SafetensorsTensor.FromMemory("x", DType.Float64, [2], bytes)]);
        using var reader = SafetensorsReader.Open(folder["x"]);
        Assert.Contains("beyond the range", Assert.Throws<CheckpointException>(() => reader.ReadFloat32(reader.Get("x"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_an_empty_file_are_named()
    {
        using var folder = new TempFolder();
        Assert.Contains("no such file", Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(folder["none"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("0 bytes", Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(folder.File("empty", []))).Message,
            StringComparison.Ordinal);
    }

    private static void ReadAll(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        foreach (TensorEntry entry in reader.Entries)
            reader.Read(entry, 0, new byte[entry.ByteLength]);
    }

    private static byte[] Mutate(Random random, byte[] whole)
    {
        var bytes = new List<byte>(whole);
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
        {
            // Half of the changes hit the length and the first entries, where the parser decides most.
            int at = random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 120));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(at, "0123456789-.{}[]\",:\\ \0"u8[random.Next(22)]);
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
            }
        }
        return [.. bytes];
    }
}
