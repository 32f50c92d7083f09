using System.Buffers.Binary;
using System.Numerics;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The format of <c>torch.save</c> before PyTorch 1.6: five pickles (a magic number, the protocol, the machine, the object, the keys of
/// its storages), then each storage's count of elements and its bytes.</summary>
internal static class LegacyFormat
{
    private const long Protocol = 1001;
    private static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What the object is, and where its storages lie.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or holds what is refused.</exception>
    public static PyTorchContent Read(PositionalFile file)
    {
        var world = new PyTorchWorld(file.Path);
        var input = new PickleInput(file, 0, file.Length);
        if (PickleMachine.Read(input, world) is not BigInteger magic || magic != s_magic)
            throw Damaged(file, "it does not begin as a file of torch.save does; a pickle of anything else is refused");
        if (PickleMachine.Read(input, world) is not Protocol) throw Damaged(file, $"its protocol is not {Protocol}");
        if (PickleMachine.Read(input, world) is PickleDictionary machine
            && machine.Items.Exists(item => item.Key is "little_endian" && item.Value is false))
            throw Damaged(file, "its byte order is 'big'; only 'little' is read");
        object? value = PickleMachine.Read(input, world);
        object? keys = PickleMachine.Read(input, world);
        return new PyTorchContent(value, Places(file, Keys(file, keys), input.Position, world.Storages));
    }

    private static string[] Keys(PositionalFile file, object? keys) => keys is PickleList list && list.Items.TrueForAll(key => key is string or long)
        ? [.. list.Items.Select(key => key!.ToString()!)]
        : throw Damaged(file, "the list of its storages is not valid");

    /// <summary>Where the storages lie: each behind the one before.</summary>
    private static Dictionary<string, StoredBytes> Places(
        PositionalFile file, string[] keys, long position, IReadOnlyDictionary<string, PyTorchStorage> storages)
    {
        var places = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[8];
        foreach (string key in keys)
        {
            string name = Quoted.Name(key);
            if (!storages.TryGetValue(key, out PyTorchStorage? storage)) throw Damaged(file, $"no tensor says what the storage {name} holds");
            if (file.Length - position < count.Length) throw Damaged(file, $"it ends before the storage {name}");
            file.Read(position, count, "a storage's length");
            position += count.Length;
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Total || storage.Bytes is not { } bytes || bytes > file.Length - position)
                throw Damaged(file, $"the storage {name} is truncated, or not of the {storage.Total} elements that its tensors say");
            if (!places.TryAdd(key, new StoredBytes("storage " + key, position, bytes, null))) throw Damaged(file, $"the storage {name} is there twice");
            position += bytes;
        }
        if (position != file.Length) throw Damaged(file, $"{file.Length - position} bytes follow the last storage");
        return storages.Keys.FirstOrDefault(key => !places.ContainsKey(key)) is { } missing
            ? throw Damaged(file, $"the storage {Quoted.Name(missing)} of a tensor is missing")
            : places;
    }

    private static CheckpointException Damaged(PositionalFile file, string what) => PyTorchReader.Damaged(file.Path, what);
}
