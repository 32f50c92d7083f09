using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>A safetensors file, open for reading. Its header is checked in full when it is opened; values are read when asked for.</summary>
/// <remarks>Values go from the file into the caller's memory, without a mapping: a file that another process cuts short while it is read
/// gives an error, where a mapping would end the process. Safe to use from several threads.</remarks>
public sealed class SafetensorsReader : IDisposable
{
    /// <summary>The longest header, in bytes; the reference implementation's limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    private const int ChunkBytes = 1 << 18;
    private const int ReadBytes = 1 << 30;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsReader(string path, SafeFileHandle file)
    {
        (Path, _file) = (path, file);
        long length = RandomAccess.GetLength(file);
        if (length < 8)
            throw SafetensorsHeader.Damaged(path, $"it has {length} bytes, fewer than a header's length takes");
        Span<byte> prefix = stackalloc byte[8];
        ReadAt(0, prefix, "its header");
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > MaxHeaderBytes)
            throw SafetensorsHeader.Damaged(path, $"its header claims {headerBytes} bytes, more than the {MaxHeaderBytes} allowed");
        if ((long)headerBytes > length - 8)
            throw SafetensorsHeader.Damaged(path, $"its header claims {headerBytes} bytes, and only {length - 8} follow: it is truncated");
        var json = new byte[headerBytes];
        ReadAt(8, json, "its header");
        long dataStart = 8 + json.Length;
        (Entries, _byName, var metadata) = SafetensorsHeader.Parse(path, json, dataStart, length - dataStart);
        Metadata = metadata;
    }

    /// <summary>The file, as it was given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public ImmutableArray<SafetensorsEntry> Entries { get; }

    /// <summary>The strings under <c>__metadata__</c>; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file can't be read, is truncated, or is not a valid safetensors file.</exception>
    public static SafetensorsReader Open(string path)
    {
        if (Directory.Exists(path))
            throw new CheckpointException($"{path}: this is a folder, and a safetensors file was expected. Name the file in it.");
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new SafetensorsReader(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            if (FileErrors.IsFileError(error))
                throw FileErrors.Explain(error, "opening", path);
            throw;
        }
    }

    /// <summary>The entry of that name, if the file has it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>The entry of that name.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor.</exception>
    public SafetensorsEntry Get(string name) => TryGet(name, out SafetensorsEntry? entry)
        ? entry
        : throw new CheckpointException($"{Path}: it holds no tensor {Quoted.Name(name)}. "
            + $"It holds {Entries.Length} tensors; check that it is the right file.");

    /// <summary>Reads a tensor's bytes, as they are in the file, from its byte <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> reaches beyond the tensor.</exception>
    /// <exception cref="CheckpointException">The file can't be read, or has become shorter.</exception>
    public void Read(SafetensorsEntry entry, long start, Span<byte> destination)
    {
        if (start < 0 || start > entry.ByteLength || destination.Length > entry.ByteLength - start)
            throw new ArgumentException($"Bytes {start} to {start + destination.Length} are not within the {entry.ByteLength} of {entry.Name}.",
                nameof(start));
        ReadAt(entry.Offset + start, destination, $"tensor {Quoted.Name(entry.Name)}");
    }

    /// <summary>Reads a whole tensor into memory: unchanged when <paramref name="wanted"/> is its type, else converted to float32.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="destination">Room for <see cref="SafetensorsEntry.Elements"/> elements of <paramref name="wanted"/>.</param>
    /// <param name="wanted">The entry's own type, or <see cref="DType.Float32"/> for a float16, bfloat16 or float64 entry.</param>
    /// <exception cref="CheckpointException">The file can't be read or has become shorter, there is no such conversion, or a finite float64
    /// has no finite float32.</exception>
    public unsafe void CopyTo(SafetensorsEntry entry, void* destination, DType wanted)
    {
        if (entry.DType == wanted)
        {
            for (long done = 0; done < entry.ByteLength; done += ReadBytes)
                Read(entry, done, new Span<byte>((byte*)destination + done, (int)Math.Min(ReadBytes, entry.ByteLength - done)));
            return;
        }
        if (wanted != DType.Float32 || !ElementConversion.HasFloat32(entry.DType))
            throw new CheckpointException($"{Path}: tensor {Quoted.Name(entry.Name)} is {SafetensorsTypes.Name(entry.DType)}, and "
                + $"{SafetensorsTypes.Name(wanted)} was expected. Convert it, or check that it is the right file.");
        Convert(entry, (float*)destination);
    }

    /// <summary>Reads a whole floating-point tensor as float32.</summary>
    /// <exception cref="CheckpointException">As <see cref="CopyTo"/>; or the tensor is larger than one array can be.</exception>
    public unsafe float[] ReadFloat32(SafetensorsEntry entry)
    {
        if (entry.Elements > Array.MaxLength)
            throw new CheckpointException($"{Path}: tensor {Quoted.Name(entry.Name)} has {entry.Elements} elements, too many for one array.");
        var values = new float[entry.Elements];
        fixed (float* destination = values)
            CopyTo(entry, destination, DType.Float32);
        return values;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private unsafe void Convert(SafetensorsEntry entry, float* destination)
    {
        byte[] chunk = System.Buffers.ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int size = entry.DType.Size();
            for (long done = 0; done < entry.ByteLength; done += ChunkBytes)
            {
                Span<byte> source = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, entry.ByteLength - done));
                Read(entry, done, source);
                var target = new Span<float>(destination + (done / size), source.Length / size);
                if (!ElementConversion.ToFloat32(entry.DType, source, target))
                    throw new CheckpointException($"{Path}: tensor {Quoted.Name(entry.Name)} holds a float64 beyond the range of float32. "
                        + "The weights are damaged, or have to be rescaled before they are stored.");
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void ReadAt(long position, Span<byte> destination, string what)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file, destination, position);
                if (read == 0)
                    throw SafetensorsHeader.Damaged(Path, $"it ended at byte {position} in {what}: it has become shorter since it was opened");
                position += read;
                destination = destination[read..];
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, $"reading {what}", Path);
        }
    }
}
