using System.Globalization;
using System.Text;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The zip format of <c>torch.save</c>, since PyTorch 1.6: <c>NAME/data.pkl</c> describes the tensors, <c>NAME/data/KEY</c> are their
/// storages.</summary>
internal static class ZipFormat
{
    private const int MaxSmallBytes = 1 << 12;
    private const int HighestVersion = 10;

    /// <summary>What <c>data.pkl</c> holds, and where each storage that it names lies.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or holds what is refused.</exception>
    public static PyTorchContent Read(PositionalFile file)
    {
        IReadOnlyDictionary<string, ZipRecord> records = ZipDirectory.Read(file);
        string root = Root(file, records.Keys);
        ZipRecord pickle = records.GetValueOrDefault(root + "data.pkl") ?? throw PyTorchReader.Damaged(file.Path, $"it holds no {root}data.pkl");
        CheckVersion(file, root, records);
        Bytes(pickle).Check(file);
        var world = new PyTorchWorld(file.Path);
        object? value = PickleMachine.Read(new PickleInput(file, pickle.Offset, pickle.Offset + pickle.Length), world);
        return new PyTorchContent(value, world.Storages.ToDictionary(s => s.Key, s => Storage(file, root, records, s.Value), StringComparer.Ordinal));
    }

    private static StoredBytes Storage(PositionalFile file, string root, IReadOnlyDictionary<string, ZipRecord> records, PyTorchStorage storage)
    {
        string name = $"{root}data/{storage.Key}";
        if (!records.TryGetValue(name, out ZipRecord? record))
            return storage.Total == 0 ? new StoredBytes(name, 0, 0, null) : throw PyTorchReader.Damaged(file.Path, $"it holds no {Quoted.Name(name)}");
        return record.Length == storage.Bytes
            ? Bytes(record)
            : throw PyTorchReader.Damaged(file.Path, $"{Quoted.Name(name)} has {record.Length} bytes, and its tensors say {storage.Bytes}");
    }

    private static StoredBytes Bytes(ZipRecord record) => new(record.Name, record.Offset, record.Length, record.Crc);

    private static string Root(PositionalFile file, IEnumerable<string> names)
    {
        string? root = null;
        foreach (string name in names)
        {
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            string own = slash < 0 ? "" : name[..(slash + 1)];
            root ??= own;
            if (own.Length == 0 || own != root)
                throw PyTorchReader.Damaged(file.Path, $"{Quoted.Name(name)} does not lie in the folder of the archive, as everything does that torch.save wrote");
        }
        return root ?? throw PyTorchReader.Damaged(file.Path, "the archive is empty");
    }

    private static void CheckVersion(PositionalFile file, string root, IReadOnlyDictionary<string, ZipRecord> records)
    {
        string version = Small(file, records.GetValueOrDefault(root + "version")) ?? throw PyTorchReader.Damaged(file.Path, $"it holds no {root}version");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > HighestVersion)
            throw PyTorchReader.Damaged(file.Path, $"its version is {Quoted.Name(version)}; 1 to {HighestVersion} are known");
        if (Small(file, records.GetValueOrDefault(root + "byteorder")) is { } order and not "little")
            throw PyTorchReader.Damaged(file.Path, $"its byte order is {Quoted.Name(order)}; only 'little' is read");
    }

    private static string? Small(PositionalFile file, ZipRecord? record)
    {
        if (record is null) return null;
        if (record.Length > MaxSmallBytes) throw PyTorchReader.Damaged(file.Path, $"{Quoted.Name(record.Name)} has {record.Length} bytes");
        Bytes(record).Check(file);
        return Encoding.Latin1.GetString(file.Read(record.Offset, (int)record.Length, record.Name)).Trim();
    }
}
