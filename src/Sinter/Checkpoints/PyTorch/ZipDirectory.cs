using System.Buffers.Binary;
using System.Text;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Reads the directory of a zip archive as <c>torch.save</c> writes it: every file stored as it is. Each record's place, sizes and name
/// are checked against the file and against the record's own header; its CRC is checked when it is read.</summary>
/// <remarks>The format: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.</remarks>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054B50, End64Signature = 0x06064B50, Locator64Signature = 0x07064B50, EntrySignature = 0x02014B50,
        LocalSignature = 0x04034B50;

    private const int EndBytes = 22, Locator64Bytes = 20, End64Bytes = 56, EntryBytes = 46, LocalBytes = 30;
    private const int MaxDirectoryBytes = 100_000_000;
    private const int LongestName = 4096;
    private const int IsEncrypted = 1, HasDescriptor = 8;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PositionalFile _file;
    private readonly Dictionary<string, ZipRecord> _records = new(StringComparer.Ordinal);
    private readonly List<(long Start, long End, string Name)> _places = [];
    private long _start;

    private ZipDirectory(PositionalFile file) => _file = file;

    /// <summary>The records by name.</summary>
    /// <exception cref="CheckpointException">The archive is damaged, or holds what torch.save does not write.</exception>
    public static IReadOnlyDictionary<string, ZipRecord> Read(PositionalFile file)
    {
        var directory = new ZipDirectory(file);
        directory.ReadEntries();
        directory.CheckPlaces();
        return directory._records;
    }

    private void ReadEntries()
    {
        (long count, long bytes, _start) = FindDirectory();
        if (bytes > MaxDirectoryBytes || count > bytes / EntryBytes) throw Damaged($"its directory claims {count} files in {bytes} bytes");
        ReadOnlySpan<byte> rest = _file.Read(_start, (int)bytes, "its directory");
        for (long i = 0; i < count; i++) rest = rest[ReadEntry(rest)..];
        if (!rest.IsEmpty) throw Damaged($"{rest.Length} bytes follow the last entry of its directory");
    }

    /// <summary>The directory's entries, length and position, out of the end of the file.</summary>
    private (long Count, long Bytes, long Start) FindDirectory()
    {
        int tailBytes = (int)Math.Min(_file.Length, EndBytes + ushort.MaxValue);
        ReadOnlySpan<byte> tail = _file.Read(_file.Length - tailBytes, tailBytes, "its end");
        int at = tailBytes - EndBytes;
        while (at >= 0 && (U32(tail[at..]) != EndSignature || U16(tail[(at + 20)..]) != tailBytes - at - EndBytes)) at--;
        if (at < 0) throw Damaged("it has no directory at its end: it is truncated");
        ReadOnlySpan<byte> end = tail[at..];
        if (U16(end[4..]) != 0 || U16(end[6..]) != 0 || U16(end[8..]) != U16(end[10..])) throw Damaged("it is one of several parts");
        long endPosition = _file.Length - tailBytes + at;
        var plain = (Count: (long)U16(end[10..]), Bytes: (long)U32(end[12..]), Start: (long)U32(end[16..]));
        if (endPosition >= Locator64Bytes)
        {
            ReadOnlySpan<byte> locator = _file.Read(endPosition - Locator64Bytes, Locator64Bytes, "its end");
            if (U32(locator) == Locator64Signature) return ReadEnd64(locator, endPosition - Locator64Bytes);
        }
        return plain.Bytes == endPosition - plain.Start ? plain : throw Damaged("its directory is not where its end says");
    }

    private (long Count, long Bytes, long Start) ReadEnd64(ReadOnlySpan<byte> locator, long locatorPosition)
    {
        ulong position = U64(locator[8..]);
        if (U32(locator[4..]) != 0 || U32(locator[16..]) != 1 || (long)position != locatorPosition - End64Bytes)
            throw Damaged("the end of its directory (zip64) is not where it should be");
        ReadOnlySpan<byte> end = _file.Read((long)position, End64Bytes, "its end");
        if (U32(end) != End64Signature || U64(end[4..]) != End64Bytes - 12 || U32(end[16..]) != 0 || U32(end[20..]) != 0 || U64(end[24..]) != U64(end[32..]))
            throw Damaged("the end of its directory (zip64) is not valid");
        ulong count = U64(end[32..]), bytes = U64(end[40..]), start = U64(end[48..]);
        if (start > position || bytes != position - start || count > bytes) throw Damaged("its directory (zip64) is not where its end says");
        return ((long)count, (long)bytes, (long)start);
    }

    private int ReadEntry(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < EntryBytes || U32(rest) != EntrySignature) throw Damaged("its directory ends too early");
        int nameBytes = U16(rest[28..]), extraBytes = U16(rest[30..]), length = EntryBytes + nameBytes + extraBytes + U16(rest[32..]);
        if (length > rest.Length) throw Damaged("its directory ends too early");
        ReadOnlySpan<byte> nameInFile = rest.Slice(EntryBytes, nameBytes);
        string name = Name(nameInFile);
        int flags = U16(rest[8..]);
        if ((flags & IsEncrypted) != 0) throw Damaged($"{Quoted.Name(name)} is encrypted");
        if (name.Contains("/code/", StringComparison.Ordinal) || name.EndsWith("/constants.pkl", StringComparison.Ordinal))
            throw new CheckpointException($"{_file.Path}: this is a TorchScript archive (torch.jit.save): a program, which is refused. Save its state_dict instead.");
        if (U16(rest[10..]) != 0) throw Damaged($"{Quoted.Name(name)} is compressed (method {U16(rest[10..])}); torch.save stores files as they are");
        var (packed, plain, offset) = Sizes(rest, rest.Slice(EntryBytes + nameBytes, extraBytes), name);
        if (packed != plain) throw Damaged($"{Quoted.Name(name)} takes {packed} bytes and claims {plain}");
        Add(name, nameInFile, flags, offset, plain, U32(rest[16..]));
        return length;
    }

    private void Add(string name, ReadOnlySpan<byte> nameInFile, int flags, ulong offset, ulong length, uint crc)
    {
        if (offset > (ulong)_start || (ulong)_start - offset < LocalBytes) throw Damaged($"{Quoted.Name(name)} is said to begin at byte {offset}");
        ReadOnlySpan<byte> local = _file.Read((long)offset, LocalBytes, "a file's header");
        int headerBytes = LocalBytes + U16(local[26..]) + U16(local[28..]);
        if (U32(local) != LocalSignature || U16(local[8..]) != 0 || U16(local[26..]) != nameInFile.Length
            || (ulong)headerBytes > (ulong)_start - offset || length > (ulong)_start - offset - (ulong)headerBytes)
            throw Damaged($"{Quoted.Name(name)} is not where the directory says, or reaches beyond the files");
        if (!_file.Read((long)offset + LocalBytes, nameInFile.Length, "a file's header").AsSpan().SequenceEqual(nameInFile))
            throw Damaged($"{Quoted.Name(name)} has another name in its own header");
        // With a descriptor behind the data the header's own fields are zero.
        bool said = (flags & HasDescriptor) == 0 || U32(local[14..]) != 0;
        uint size = U32(local[22..]);
        if (said && (U32(local[14..]) != crc || (size != uint.MaxValue && size != length)))
            throw Damaged($"{Quoted.Name(name)} has another length or CRC in its own header");
        var record = new ZipRecord(name, (long)offset + headerBytes, (long)length, crc);
        if (!_records.TryAdd(name, record)) throw Damaged($"{Quoted.Name(name)} is there twice");
        _places.Add(((long)offset, record.Offset + record.Length, name));
    }

    private (ulong Packed, ulong Plain, ulong Offset) Sizes(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra, string name)
    {
        ulong packed = U32(entry[20..]), plain = U32(entry[24..]), offset = U32(entry[42..]);
        while (extra.Length >= 4)
        {
            int bytes = U16(extra[2..]);
            if (bytes > extra.Length - 4) break;
            ReadOnlySpan<byte> field = extra.Slice(4, bytes);
            if (U16(extra) == 1)
            {
                plain = Wide(plain, ref field);
                packed = Wide(packed, ref field);
                offset = Wide(offset, ref field);
                return (packed, plain, offset);
            }
            extra = extra[(4 + bytes)..];
        }
        return (packed, plain, offset);

        ulong Wide(ulong narrow, ref ReadOnlySpan<byte> field)
        {
            if (narrow != uint.MaxValue) return narrow;
            if (field.Length < 8) throw Damaged($"the zip64 field of {Quoted.Name(name)} is too short");
            ulong wide = U64(field);
            field = field[8..];
            return wide;
        }
    }

    private string Name(ReadOnlySpan<byte> bytes)
    {
        string name;
        try
        {
            name = s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a file in it has a name that is not UTF-8");
        }
        if (name.Length is 0 or > LongestName || name[0] == '/' || name.AsSpan().IndexOfAny('\\', '\0') >= 0 || name.Split('/').Any(part => part is ".." or "."))
            throw Damaged($"a file in it has the name {Quoted.Name(name)}, which leads elsewhere");
        return name;
    }

    private void CheckPlaces()
    {
        _places.Sort();
        for (int i = 1; i < _places.Count; i++)
            if (_places[i].Start < _places[i - 1].End)
                throw Damaged($"{Quoted.Name(_places[i].Name)} overlaps {Quoted.Name(_places[i - 1].Name)}");
    }

    private CheckpointException Damaged(string what) => PyTorchReader.Damaged(_file.Path, what);

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
