using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Writes a zip archive of stored files, each aligned to 64 bytes as PyTorch has them, with the zip64 directory that files of any size
/// need.</summary>
/// <remarks>The format: PKWARE, APPNOTE.TXT 6.3.10.</remarks>
/// <param name="file">Where it goes, at its beginning.</param>
internal sealed class ZipOutput(DurableFile file)
{
    private const int Alignment = 64;
    private const ushort Flags = 0x0808;    // sizes and CRC behind the data; names in UTF-8
    private const ushort Zip64Version = 45;

    private readonly List<(byte[] Name, long Offset, long Length, uint Crc)> _files = [];

    /// <summary>Adds a file.</summary>
    public void Add(string name, Action<AppendBytes> write)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        long offset = file.Position, begin = offset + 30 + bytes.Length + 4;
        int padding = (int)((Alignment - (begin % Alignment)) % Alignment);
        var header = new Fields().U32(0x04034B50).U16(Zip64Version).U16(Flags).U16(0).U32(0).U32(0).U32(0).U32(0)
            .U16((ushort)bytes.Length).U16((ushort)(4 + padding)).Raw(bytes).Raw("FB"u8).U16((ushort)padding);
        for (int i = 0; i < padding; i++) header.Raw("Z"u8);
        file.Append(header.Bytes);
        uint crc = 0;
        long start = file.Position;
        write(part =>
        {
            crc = ZipCrc.Combine(crc, ZipCrc.Of(part), part.Length);
            file.Append(part);
        });
        long length = file.Position - start;
        var descriptor = new Fields().U32(0x08074B50).U32(crc);
        file.Append((length > uint.MaxValue ? descriptor.U64(length).U64(length) : descriptor.U32((uint)length).U32((uint)length)).Bytes);
        _files.Add((bytes, offset, length, crc));
    }

    /// <summary>Writes the directory: the last thing to do.</summary>
    public void Finish()
    {
        long start = file.Position;
        foreach (var (name, offset, length, crc) in _files)
        {
            var wide = new Fields();
            if (length >= uint.MaxValue) wide.U64(length).U64(length);
            if (offset >= uint.MaxValue) wide.U64(offset);
            bool isWide = wide.Bytes.Length > 0;
            var entry = new Fields().U32(0x02014B50).U16(Zip64Version).U16(Zip64Version).U16(Flags).U16(0).U32(0).U32(crc).U32(Narrow(length)).U32(Narrow(length))
                .U16((ushort)name.Length).U16((ushort)(isWide ? 4 + wide.Bytes.Length : 0)).U16(0).U16(0).U16(0).U32(0).U32(Narrow(offset)).Raw(name);
            if (isWide) entry.U16(1).U16((ushort)wide.Bytes.Length).Raw(wide.Bytes);
            file.Append(entry.Bytes);
        }
        long end = file.Position, count = _files.Count;
        file.Append(new Fields()
            .U32(0x06064B50).U64(44).U16(Zip64Version).U16(Zip64Version).U32(0).U32(0).U64(count).U64(count).U64(end - start).U64(start)
            .U32(0x07064B50).U32(0).U64(end).U32(1)
            .U32(0x06054B50).U16(0).U16(0).U16((ushort)Math.Min(count, ushort.MaxValue)).U16((ushort)Math.Min(count, ushort.MaxValue))
            .U32(Narrow(end - start)).U32(Narrow(start)).U16(0).Bytes);
    }

    private static uint Narrow(long value) => value >= uint.MaxValue ? uint.MaxValue : (uint)value;

    /// <summary>Little-endian fields of a header.</summary>
    private sealed class Fields
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public Fields Raw(ReadOnlySpan<byte> bytes)
        {
            _bytes.Write(bytes);
            return this;
        }

        public Fields U16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(2), value);
            _bytes.Advance(2);
            return this;
        }

        public Fields U32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(4), value);
            _bytes.Advance(4);
            return this;
        }

        public Fields U64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
            _bytes.Advance(8);
            return this;
        }
    }
}
