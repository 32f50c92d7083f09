using System.Buffers.Binary;
using Google.Protobuf;
using Sinter.Monitoring.TensorBoard.Proto;

namespace Sinter.Monitoring.TensorBoard;

/// <summary>
/// The TFRecord frame around an event: length (8 bytes, little-endian), masked CRC-32C of the length (4), the event, masked CRC-32C of the event (4).
/// </summary>
internal static class TensorBoardRecord
{
    /// <summary>Bytes before the event.</summary>
    public const int Header = sizeof(ulong) + sizeof(uint);

    /// <summary>Bytes around the event.</summary>
    public const int Overhead = Header + sizeof(uint);

    /// <summary>Appends <paramref name="e"/> to <paramref name="file"/>.</summary>
    public static void Append(AppendFile file, Event e)
    {
        int size = e.CalculateSize();
        var record = file.Reserve(size + Overhead)[..(size + Overhead)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(record[sizeof(ulong)..], Crc32C.Masked(record[..sizeof(ulong)]));
        var body = record.Slice(Header, size);
        e.WriteTo(body);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(Header + size)..], Crc32C.Masked(body));
        file.Advance(record.Length);
    }

    /// <summary>The next event, or null at the end of the stream and where a record is torn or damaged; the position is then undefined.</summary>
    public static Event? Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[Header];
        if (stream.ReadAtLeast(header, Header, throwOnEndOfStream: false) < Header) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[sizeof(ulong)..]) != Crc32C.Masked(header[..sizeof(ulong)])) return null;
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header);
        if (size > (ulong)(stream.Length - stream.Position)) return null;
        var rest = new byte[(int)size + sizeof(uint)];
        if (stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length) return null;
        var body = rest.AsSpan(0, (int)size);
        if (BinaryPrimitives.ReadUInt32LittleEndian(rest.AsSpan((int)size)) != Crc32C.Masked(body)) return null;
        try
        {
            return Event.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
