using System.Buffers;
using System.Collections.Immutable;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The tensors of a file that <c>torch.save</c> wrote (<c>.pt</c>, <c>.pth</c>, <c>.bin</c>), in the zip format of PyTorch 1.6 and later or in
/// the one before it.</summary>
/// <remarks>A pickle is a program. This one is read by a machine that knows the few names state dictionaries need, makes values of its own, and runs
/// nothing; every other name is refused, named in the message. Archives are read here, not by the framework: each file's place, name and CRC-32 is
/// checked. See <c>docs/formats.md</c>.</remarks>
public sealed class PyTorchReader : TensorFile
{
    private const int ChunkBytes = 1 << 18;
    private const int HeadBytes = 512;
    private const int PartBytes = 1 << 23;

    private PyTorchReader(PositionalFile file, ImmutableArray<TensorEntry> entries, string place) : base(file, entries) =>
        Metadata = place.Length == 0 ? ImmutableDictionary<string, string>.Empty : new Dictionary<string, string> { ["state_dict"] = place };

    /// <inheritdoc/>
    public override string Format => "PyTorch";

    /// <summary>Under <c>state_dict</c> the keys that lead to the weights, where they are not the whole file.</summary>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and reads its description of its tensors.</summary>
    /// <exception cref="CheckpointException">The file can't be read, is damaged, or holds something other than weights, which the message
    /// names.</exception>
    public static new PyTorchReader Open(string path) => PositionalFile.Open(path, Of);

    internal static PyTorchReader Of(PositionalFile file)
    {
        byte[] head = file.Read(0, (int)Math.Min(HeadBytes, file.Length), "its beginning");
        if (IsTar(head))
            throw new CheckpointException($"{file.Path}: this is the tar format of PyTorch before 0.1.10, which is refused. Load it with PyTorch and save it again.");
        PyTorchContent content = IsZip(head) ? ZipFormat.Read(file)
            : IsPickle(head) ? LegacyFormat.Read(file)
            : throw Damaged(file.Path, "it is neither a zip archive nor a pickle");
        var (tensors, place) = StateDictionary.Find(file.Path, content.Root);
        return new PyTorchReader(file, [.. tensors.Select(t => Entry(t.Key, t.Value, content.Storages[t.Value.Storage.Key]))], place);
    }

    /// <summary>Whether a file begins as those of <c>torch.save</c> do, of any time.</summary>
    internal static bool IsPyTorch(PositionalFile file)
    {
        byte[] head = file.Read(0, (int)Math.Min(HeadBytes, file.Length), "its beginning");
        return IsZip(head) || IsPickle(head) || IsTar(head);
    }

    /// <summary>The error for a file that no writer wrote.</summary>
    internal static CheckpointException Damaged(string path, string what) =>
        new($"{path}: damaged, or not a PyTorch file of weights: {what}. Copy or download the file again.");

    // A view is read whole, and so is what its storage's CRC has to be computed for first.
    internal override long PartOf(TensorEntry entry) =>
        entry is PyTorchEntry { Tensor.IsContiguous: true } own && (own.Storage.IsChecked || IsWhole(own)) ? PartBytes / entry.DType.Size() : entry.Elements;

    internal override unsafe void Copy(TensorEntry entry, long start, long count, byte* destination, DType wanted)
    {
        var own = (PyTorchEntry)entry;
        if (own.DType != wanted && (wanted != DType.Float32 || !ElementConversion.HasFloat32(own.DType))) throw NotOfType(entry, wanted);
        if (count == 0) return;
        int size = own.DType.Size();
        if (own.Tensor.IsContiguous)
        {
            bool checks = IsWhole(own) && !own.Storage.IsChecked;
            if (!checks) own.Storage.Check(Source);
            uint crc = CopyRange(own, own.Offset + (start * size), count * size, destination, wanted, checks);
            if (checks) own.Storage.Check(Source, start * size, count * size, crc);
            return;
        }
        own.Storage.Check(Source);
        CopyView(own, destination, wanted);
    }

    private static PyTorchEntry Entry(string name, PyTorchTensor tensor, StoredBytes bytes)
    {
        int size = tensor.Type.Size();
        long first = tensor.Storage.Type is null ? tensor.Offset : tensor.Offset + tensor.Storage.First;
        return new(name, tensor.Type, [.. tensor.Shape], bytes.Offset + (first * size), tensor.Count * size, tensor, bytes);
    }

    private static bool IsWhole(PyTorchEntry entry) => entry.Offset == entry.Storage.Offset && entry.ByteLength == entry.Storage.Length;

    /// <summary>Reads contiguous elements, and gives the CRC of their bytes if <paramref name="checks"/>.</summary>
    private unsafe uint CopyRange(PyTorchEntry entry, long position, long length, byte* destination, DType wanted, bool checks)
    {
        uint crc = 0;
        string what = $"tensor {Quoted.Name(entry.Name)}";
        byte[]? buffer = entry.DType == wanted ? null : ArrayPool<byte>.Shared.Rent(ChunkBytes);
        int size = entry.DType.Size();
        for (long done = 0; done < length; done += ChunkBytes)
        {
            int bytes = (int)Math.Min(ChunkBytes, length - done);
            Span<byte> chunk = buffer is null ? new Span<byte>(destination + done, bytes) : buffer.AsSpan(0, bytes);
            Source.Read(position + done, chunk, what);
            if (checks) crc = ZipCrc.Combine(crc, ZipCrc.Of(chunk), chunk.Length);
            if (buffer is not null && !ElementConversion.ToFloat32(entry.DType, chunk, new Span<float>((float*)destination + (done / size), bytes / size)))
                throw OutOfRange(entry);
        }
        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        return crc;
    }

    private unsafe void CopyView(PyTorchEntry entry, byte* destination, DType wanted)
    {
        long span = entry.Tensor.Span, count = entry.Elements;
        int size = entry.DType.Size();
        // Within the storage, and so within the file; the elements are no more than TensorBounds allows.
        byte* stored = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)(span * size));
        byte* rows = entry.DType == wanted ? destination : (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)(count * size));
        try
        {
            CopyRange(entry, entry.Offset, span * size, stored, entry.DType, checks: false);
            Strided.Gather(stored, rows, entry.Tensor.Shape, entry.Tensor.Strides, size);
            if (rows == destination) return;
            for (long done = 0; done < count; done += ChunkBytes)
            {
                int part = (int)Math.Min(ChunkBytes, count - done);
                if (!ElementConversion.ToFloat32(entry.DType, new ReadOnlySpan<byte>(rows + (done * size), part * size), new Span<float>((float*)destination + done, part)))
                    throw OutOfRange(entry);
            }
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.Free(stored);
            if (rows != destination) System.Runtime.InteropServices.NativeMemory.Free(rows);
        }
    }

    private static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8);

    // PROTO 2 to 5; a safetensors file that begins so has a header of less than 1,500 bytes that begins with no '{'.
    private static bool IsPickle(ReadOnlySpan<byte> head) => head.Length > 8 && head[0] == 0x80 && head[1] is >= 2 and <= 5 && head[8] != (byte)'{';

    private static bool IsTar(ReadOnlySpan<byte> head) => head.Length >= 262 && head[257..].StartsWith("ustar"u8);
}
