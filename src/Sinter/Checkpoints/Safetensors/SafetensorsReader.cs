using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>A safetensors file, open for reading.</summary>
public sealed class SafetensorsReader : TensorFile
{
    /// <summary>The longest header, in bytes; the reference implementation's limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const int ChunkBytes = 1 << 18;
    private const int ReadBytes = 1 << 30;
    private const int PartBytes = 1 << 23;

    private SafetensorsReader(PositionalFile file, ImmutableArray<TensorEntry> entries, Dictionary<string, string> metadata)
        : base(file, entries) => Metadata = metadata;

    /// <inheritdoc/>
    public override string Format => "safetensors";

    /// <summary>The strings under <c>__metadata__</c>; empty if there are none.</summary>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file can't be read, is truncated, or is not a valid safetensors file.</exception>
    public static new SafetensorsReader Open(string path) => PositionalFile.Open(path, Of);

    /// <summary>Reads a tensor's bytes, as they are in the file, from its byte <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> reaches beyond the tensor.</exception>
    /// <exception cref="CheckpointException">The file can't be read, or has become shorter.</exception>
    public void Read(TensorEntry entry, long start, Span<byte> destination)
    {
        if (start < 0 || start > entry.ByteLength || destination.Length > entry.ByteLength - start)
            throw new ArgumentException($"Bytes {start} to {start + destination.Length} are not within the {entry.ByteLength} of {entry.Name}.",
                nameof(start));
        Source.Read(entry.Offset + start, destination, $"tensor {Quoted.Name(entry.Name)}");
    }

    internal static SafetensorsReader Of(PositionalFile file)
    {
        if (file.Length < 8)
            throw SafetensorsHeader.Damaged(file.Path, $"it has {file.Length} bytes, fewer than a header's length takes");
        Span<byte> prefix = stackalloc byte[8];
        file.Read(0, prefix, "its header");
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > MaxHeaderBytes)
            throw SafetensorsHeader.Damaged(file.Path, $"its header claims {headerBytes} bytes, more than the {MaxHeaderBytes} allowed");
        if ((long)headerBytes > file.Length - 8)
            throw SafetensorsHeader.Damaged(file.Path, $"its header claims {headerBytes} bytes, and only {file.Length - 8} follow: it is truncated");
        byte[] json = file.Read(8, (int)headerBytes, "its header");
        long dataStart = 8 + json.Length;
        var (entries, metadata) = SafetensorsHeader.Parse(file.Path, json, dataStart, file.Length - dataStart);
        return new SafetensorsReader(file, entries, metadata);
    }

    internal override long PartOf(TensorEntry entry) => entry.DType.Bits() < 8 ? entry.Elements : PartBytes / entry.DType.Size();

    internal override unsafe void Copy(TensorEntry entry, long start, long count, byte* destination, DType wanted)
    {
        // Elements that share bytes come whole.
        long first = start == 0 ? 0 : start * entry.DType.Size(), length = count == entry.Elements ? entry.ByteLength : count * entry.DType.Size();
        if (entry.DType == wanted)
        {
            for (long done = 0; done < length; done += ReadBytes)
                Read(entry, first + done, new Span<byte>(destination + done, (int)Math.Min(ReadBytes, length - done)));
            return;
        }
        if (wanted != DType.Float32 || !ElementConversion.HasFloat32(entry.DType))
            throw NotOfType(entry, wanted);
        Convert(entry, first, length, (float*)destination);
    }

    private unsafe void Convert(TensorEntry entry, long first, long length, float* destination)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int size = entry.DType.Size();
            for (long done = 0; done < length; done += ChunkBytes)
            {
                Span<byte> source = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, length - done));
                Read(entry, first + done, source);
                if (!ElementConversion.ToFloat32(entry.DType, source, new Span<float>(destination + (done / size), source.Length / size)))
                    throw OutOfRange(entry);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
