using System.Runtime.CompilerServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Models;

/// <summary>A file of values that a script beside it made with PyTorch.</summary>
internal sealed unsafe class Reference : IDisposable
{
    private readonly SafetensorsReader _file;

    private Reference(SafetensorsReader file) => _file = file;

    public static string Folder(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "References", "models", name);

    public static Reference Open(string name) => OpenFile(Path.Combine(Folder(name), "reference.safetensors"));

    public static Reference OpenFile(string path) => new(SafetensorsReader.Open(path));

    public bool Has(string name) => _file.TryGet(name, out _);

    public float[] Float32(string name) => _file.ReadFloat32(Entry(name));

    public double[] Float64(string name)
    {
        var entry = Entry(name);
        var values = new double[Math.Max(1, entry.Elements)];
        fixed (double* p = values) _file.CopyTo(entry, p, DType.Float64);
        return values;
    }

    public int[] Int32(string name)
    {
        var entry = Entry(name);
        var values = new int[entry.Elements];
        fixed (int* p = values) _file.CopyTo(entry, p, DType.Int32);
        return values;
    }

    public Tensor Int32(Device device, string name) => device.From(Int32(name), [.. Entry(name).Shape]);

    public void Dispose() => _file.Dispose();

    private TensorEntry Entry(string name) => _file.TryGet(name, out var entry) ? entry
        : throw new InvalidOperationException($"There is no '{name}' in {_file.Path}.");
}
