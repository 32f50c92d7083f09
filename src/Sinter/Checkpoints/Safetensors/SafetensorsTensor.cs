using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sinter.Checkpoints.Files;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>Takes the next bytes of what is written.</summary>
internal delegate void AppendBytes(ReadOnlySpan<byte> bytes);

/// <summary>A tensor to write: a name, a shape and where the values are. It owns nothing; the memory stays as it is until the file is
/// written.</summary>
public sealed unsafe class SafetensorsTensor
{
    private const int ChunkBytes = 1 << 20;

    private readonly byte* _pointer;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly DType _held;
    private readonly Action<long>? _written;

    private SafetensorsTensor(string name, DType type, ReadOnlySpan<long> shape, byte* pointer, ReadOnlyMemory<byte> memory, DType held, Action<long>? written = null)
    {
        (_held, _written) = (held, written);
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (long size in shape)
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
        (Name, DType, Shape, _memory) = (name, type, [.. shape], memory);
        _pointer = pointer;
        ByteLength = SafetensorsHeader.ByteLength(type, shape)
            ?? throw new ArgumentException($"{name}: the shape {Quoted.Shape(shape)} is too large.", nameof(shape));
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The number of bytes.</summary>
    public long ByteLength { get; }

    /// <summary>A tensor whose values lie at <paramref name="data"/>, contiguous, in row-major order.</summary>
    /// <exception cref="ArgumentException">The name is empty or the shape impossible.</exception>
    public static SafetensorsTensor FromPointer(string name, DType type, ReadOnlySpan<long> shape, void* data)
    {
        var tensor = new SafetensorsTensor(name, type, shape, (byte*)data, default, type);
        if (data == null && tensor.ByteLength > 0)
            throw new ArgumentNullException(nameof(data));
        return tensor;
    }

    /// <summary>A tensor whose values are the bytes of <paramref name="data"/>.</summary>
    /// <exception cref="ArgumentException">The name is empty, the shape impossible, or the length of the data another.</exception>
    public static SafetensorsTensor FromMemory(string name, DType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data)
    {
        var tensor = new SafetensorsTensor(name, type, shape, null, data, type);
        return tensor.ByteLength == data.Length
            ? tensor
            : throw new ArgumentException($"{name}: {Quoted.Shape(shape)} takes {tensor.ByteLength} bytes, and there are {data.Length}.",
                nameof(data));
    }

    /// <summary>A tensor of zeros, which needs no memory.</summary>
    /// <exception cref="ArgumentException">The name is empty or the shape impossible.</exception>
    public static SafetensorsTensor Zeros(string name, DType type, ReadOnlySpan<long> shape) => new(name, type, shape, null, default, type);

    /// <summary>The same values, to be rounded to <paramref name="type"/> as they are written: to the nearest, ties to even. A tensor that is not
    /// float32 stays as it is.</summary>
    /// <exception cref="ArgumentException"><paramref name="type"/> is none of float32, bfloat16 and float16.</exception>
    public SafetensorsTensor As(DType type)
    {
        if (!ElementConversion.IsStorable(type)) throw new ArgumentException($"Weights are written as float32, bfloat16 or float16, not as {type}.", nameof(type));
        return _held == DType.Float32 ? new(Name, type, Shape.AsSpan(), _pointer, _memory, _held) : this;
    }

    /// <summary>The same values under another name, in the same memory: where a format can share, they are written once.</summary>
    public SafetensorsTensor Renamed(string name) => new(name, DType, Shape.AsSpan(), _pointer, _memory, _held);

    /// <summary>The same values; <paramref name="written"/> hears the number of bytes after each piece that was written.</summary>
    internal SafetensorsTensor Observed(Action<long> written) => new(Name, DType, Shape.AsSpan(), _pointer, _memory, _held, written);

    /// <summary>Whether both are the same elements of the same memory.</summary>
    internal bool IsSame(SafetensorsTensor other) =>
        DType == other.DType && ByteLength == other.ByteLength && (_pointer != null || !_memory.IsEmpty) && _pointer == other._pointer && _memory.Equals(other._memory);

    /// <summary>Gives the bytes to <paramref name="append"/>.</summary>
    /// <exception cref="CheckpointException">A finite number has no finite one in the type to write.</exception>
    internal void WriteTo(AppendBytes append)
    {
        if (_written is { } written) Write(bytes =>
        {
            append(bytes);
            written(bytes.Length);
        });
        else Write(append);
    }

    private void Write(AppendBytes append)
    {
        if (_pointer == null && _memory.IsEmpty) WriteZeros(append);
        else if (_held != DType) WriteRounded(append);
        else if (_pointer == null) append(_memory.Span);
        else
            for (long done = 0; done < ByteLength; done += ChunkBytes)
                append(new ReadOnlySpan<byte>(_pointer + done, (int)Math.Min(ChunkBytes, ByteLength - done)));
    }

    private void WriteZeros(AppendBytes append)
    {
        ReadOnlySpan<byte> zeros = new byte[Math.Min(ByteLength, ChunkBytes)];
        for (long done = 0; done < ByteLength; done += zeros.Length)
            append(zeros[..(int)Math.Min(zeros.Length, ByteLength - done)]);
    }

    private void WriteRounded(AppendBytes append)
    {
        int size = DType.Size();
        long count = ByteLength / size;
        byte[] rounded = new byte[(int)Math.Min(ByteLength, ChunkBytes)];
        for (long done = 0; done < count; done += ChunkBytes / size)
        {
            int part = (int)Math.Min(ChunkBytes / size, count - done);
            ReadOnlySpan<float> source = _pointer != null
                ? new ReadOnlySpan<float>((float*)_pointer + done, part)
                : MemoryMarshal.Cast<byte, float>(_memory.Span).Slice((int)done, part);
            if (!ElementConversion.FromFloat32(DType, source, rounded.AsSpan(0, part * size)))
                throw new CheckpointException($"The weight {Name} holds a number beyond the range of {DType}. Write it as fp32 or bf16.");
            append(rounded.AsSpan(0, part * size));
        }
    }
}
