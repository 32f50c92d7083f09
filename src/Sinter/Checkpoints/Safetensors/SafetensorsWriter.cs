using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>Writes safetensors files, straight from the tensors' memory.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file under a temporary name, flushes it to the disk and renames it: a failure leaves the file that was there
    /// before.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <param name="tensors">The tensors. Data lies in this order, wider element types first, so that every tensor is aligned to its
    /// elements.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>. <c>format</c> is added as <c>pt</c>, which <c>transformers</c> asks for.</param>
    /// <returns>The file's length and SHA-256, computed while it was written.</returns>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is the reserved <c>__metadata__</c>.</exception>
    /// <exception cref="CheckpointException">The file can't be written (no permission, full disk), or the header is over its limit.</exception>
    public static FileHash Write(string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(t => t.DType.Bits())];
        byte[] header = Header(ordered, metadata);
        if (header.Length - 8 > SafetensorsReader.MaxHeaderBytes)
            throw new CheckpointException($"{path}: the header would take {header.Length - 8} bytes, more than the format allows. "
                + "Write fewer tensors to a file.");
        return DurableFile.Write(path, file =>
        {
            file.Append(header);
            foreach (SafetensorsTensor tensor in ordered)
                tensor.WriteTo(file.Append);
        });
    }

    private static byte[] Header(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"The tensor name '{tensor.Name}' is reserved or appears twice.", nameof(tensors));
                WriteEntry(json, tensor, offset);
                offset += tensor.ByteLength;
            }
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % Alignment != 0)
            buffer.Write(" "u8);
        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        json.WriteStartObject("__metadata__");
        if (metadata?.ContainsKey("format") != true)
            json.WriteString("format", "pt");
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", SafetensorsTypes.Name(tensor.DType));
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
