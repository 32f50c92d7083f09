using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sinter.Tensors.Tests.References;

/// <summary>
/// A safetensors file of expected values beside the tests. Strict: a file that is not exactly as the format says fails the test that opens it.
/// </summary>
internal sealed class ReferenceFile
{
    private sealed record Entry(string Type, long[] Shape, byte[] Data);

    private static readonly Lazy<ReferenceFile> s_ops = new(() => new ReferenceFile("ops.safetensors"));
    private readonly Dictionary<string, Entry> _entries = [];

    public ReferenceFile(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "References", name));
        int header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        long next = 0;
        var tensors = json.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__");
        foreach (var tensor in tensors.OrderBy(p => p.Value.GetProperty("data_offsets")[0].GetInt64()))
        {
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            string type = tensor.Value.GetProperty("dtype").GetString()!;
            long start = tensor.Value.GetProperty("data_offsets")[0].GetInt64(), end = tensor.Value.GetProperty("data_offsets")[1].GetInt64();
            Assert.Equal(next, start);
            Assert.Equal(shape.Aggregate(1L, (a, b) => a * b) * SizeOf(type), end - start);
            Assert.True(_entries.TryAdd(tensor.Name, new Entry(type, shape, file[(int)(8 + header + start)..(int)(8 + header + end)])),
                $"{tensor.Name} twice");
            next = end;
        }
        Assert.Equal(file.Length, 8 + header + next);
    }

    /// <summary>Values of operations; see the README beside the file.</summary>
    public static ReferenceFile Ops => s_ops.Value;

    public long[] Shape(string name) => this[name].Shape;

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Data(name, "F32")).ToArray();

    public double[] Doubles(string name) =>
        this[name].Type == "F64" ? MemoryMarshal.Cast<byte, double>(Data(name, "F64")).ToArray() : Array.ConvertAll(Floats(name), x => (double)x);

    public int[] Ints(string name) => MemoryMarshal.Cast<byte, int>(Data(name, "I32")).ToArray();

    private Entry this[string name] =>
        _entries.TryGetValue(name, out var entry) ? entry
            : throw new KeyNotFoundException($"No reference '{name}'; there are {string.Join(", ", _entries.Keys)}.");

    private byte[] Data(string name, string type)
    {
        Assert.Equal(type, this[name].Type);
        return this[name].Data;
    }

    private static int SizeOf(string type) => type switch
    {
        "F64" => 8,
        "F32" or "I32" => 4,
        _ => throw new InvalidDataException($"A reference of type {type}."),
    };
}
