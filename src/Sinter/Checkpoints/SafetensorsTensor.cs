using System.Collections.Immutable;
using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>A tensor to write: a name, a shape and where the values are. It owns nothing; the memory stays as it is until the file is
/// written.</summary>
public sealed unsafe class SafetensorsTensor
{
    private readonly byte* _pointer;
    private readonly ReadOnlyMemory<byte> _memory;

    private SafetensorsTensor(string name, DType type, ReadOnlySpan<long> shape, byte* pointer, ReadOnlyMemory<byte> memory)
    {
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
        var tensor = new SafetensorsTensor(name, type, shape, (byte*)data, default);
        if (data == null && tensor.ByteLength > 0)
            throw new ArgumentNullException(nameof(data));
        return tensor;
    }

    /// <summary>A tensor whose values are the bytes of <paramref name="data"/>.</summary>
    /// <exception cref="ArgumentException">The name is empty, the shape impossible, or the length of the data another.</exception>
    public static SafetensorsTensor FromMemory(string name, DType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data)
    {
        var tensor = new SafetensorsTensor(name, type, shape, null, data);
        return tensor.ByteLength == data.Length
            ? tensor
            : throw new ArgumentException($"{name}: {Quoted.Shape(shape)} takes {tensor.ByteLength} bytes, and there are {data.Length}.",
                nameof(data));
    }

    /// <summary>A tensor of zeros, which needs no memory.</summary>
    /// <exception cref="ArgumentException">The name is empty or the shape impossible.</exception>
    public static SafetensorsTensor Zeros(string name, DType type, ReadOnlySpan<long> shape) => new(name, type, shape, null, default);

    /// <summary>Gives the bytes to <paramref name="file"/>.</summary>
    internal void WriteTo(DurableFile file)
    {
        const int chunk = 1 << 26;
        if (!_memory.IsEmpty)
        {
            file.Append(_memory.Span);
            return;
        }
        ReadOnlySpan<byte> zeros = _pointer == null ? new byte[Math.Min(ByteLength, 1 << 16)] : default;
        int step = _pointer == null ? zeros.Length : chunk;
        for (long done = 0; done < ByteLength; done += step)
        {
            int length = (int)Math.Min(step, ByteLength - done);
            file.Append(_pointer == null ? zeros[..length] : new ReadOnlySpan<byte>(_pointer + done, length));
        }
    }
}
