using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Sinter.Tests.Fuzz;

/// <summary>Damages files: bytes anywhere, and values within a structure whose checksums and lengths then hold again.</summary>
/// <param name="random">Decides everything.</param>
internal sealed class Mutation(Random random)
{
    private static readonly long[] s_numbers =
        [0, 1, -1, 2, 127, 128, 255, 256, 65535, 65536, int.MaxValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, 1L << 62];

    private static readonly string[] s_texts =
        ["", "a", "..", "/etc/passwd", "F32", "BF16", "\u0000", "größe", "\U0001F600", "(?:a+)+$", "\\p{L}+", "[", "gpt2", "BPE", "WordPiece", "Unigram", "ByteLevel", new('x', 5000)];

    /// <summary>One of two ways to damage a file.</summary>
    public byte[] Random(Func<byte[], byte[]> one, Func<byte[], byte[]> other, byte[] source) => (random.Next(2) == 0 ? one : other)(source);

    /// <summary>One to eight random changes of bytes.</summary>
    public byte[] Bytes(byte[] source)
    {
        var bytes = new List<byte>(source);
        for (int i = random.Next(2) == 0 ? 1 : random.Next(1, 9); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 33), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, RandomBytes(length)); break;
                case 5: bytes.RemoveRange(at, bytes.Count - at); break;
                case 6: Overwrite(bytes, at, BitConverter.GetBytes(s_numbers[random.Next(s_numbers.Length)])[..(1 << random.Next(4))]); break;
                default: Overwrite(bytes, at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>A safetensors file whose header is damaged and whose length of the header is right again.</summary>
    public byte[] SafetensorsHeader(byte[] source)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(source);
        byte[] header = random.Next(2) == 0 ? Bytes(source[8..(8 + length)]) : Json(source[8..(8 + length)]);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. source[(8 + length)..]];
    }

    /// <summary>An archive with damaged pickles or storages, and the CRCs that they then have.</summary>
    public byte[] ZipContent(byte[] source)
    {
        using var memory = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(source)))
        using (var to = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in from.Entries)
            {
                using var content = new MemoryStream();
                using (Stream stream = entry.Open()) stream.CopyTo(content);
                bool isPickle = entry.FullName.EndsWith(".pkl", StringComparison.Ordinal);
                byte[] bytes = random.Next(isPickle ? 1 : 12) == 0 ? isPickle ? Pickle(content.ToArray()) : Bytes(content.ToArray()) : content.ToArray();
                using Stream target = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                target.Write(bytes);
            }
        }
        return random.Next(4) == 0 ? Bytes(memory.ToArray()) : memory.ToArray();
    }

    /// <summary>A pickle with damaged bytes, or with instructions put into it that a program could be hurt by.</summary>
    public byte[] Pickle(byte[] source)
    {
        if (random.Next(3) > 0) return Bytes(source);
        int at = random.Next(2, source.Length);
        return [.. source[..at], .. HostilePickles.Fragment(random), .. source[at..]];
    }

    /// <summary>JSON with one to four of its values changed, or its bytes.</summary>
    public byte[] Json(byte[] source)
    {
        JsonNode? root = random.Next(4) == 0 ? null : Parse(source);
        if (root is null) return Bytes(source);
        for (int i = random.Next(2) == 0 ? 1 : random.Next(1, 5); i > 0; i--) Change(root, 0);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static JsonNode? Parse(byte[] source)
    {
        try
        {
            return JsonNode.Parse(source);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private void Change(JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } parent:
                string key = parent.ElementAt(random.Next(parent.Count)).Key;
                if (parent[key] is { } child && random.Next(4 + depth) < 4 && child is JsonObject or JsonArray && random.Next(5) > 0) Change(child, depth + 1);
                else if (random.Next(6) == 0) parent.Remove(key);
                else if (random.Next(8) == 0) parent[s_texts[random.Next(s_texts.Length)]] = parent[key]?.DeepClone();
                else parent[key] = Value(parent[key]);
                break;
            case JsonArray { Count: > 0 } list:
                int at = random.Next(list.Count);
                if (list[at] is { } item && item is JsonObject or JsonArray && random.Next(3) > 0) Change(item, depth + 1);
                else if (random.Next(6) == 0) list.RemoveAt(at);
                else if (random.Next(6) == 0) list.Insert(at, list[at]?.DeepClone());
                else list[at] = Value(list[at]);
                break;
        }
    }

    private JsonNode? Value(JsonNode? old) => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(s_numbers[random.Next(s_numbers.Length)]),
        3 => JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-20, 20))),
        4 => JsonValue.Create(s_texts[random.Next(s_texts.Length)]),
        5 => Deep(random.Next(1, 100)),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 60)).Select(i => (JsonNode)JsonValue.Create(i))]),
        7 => new JsonObject { ["type"] = s_texts[random.Next(s_texts.Length)], ["pattern"] = new JsonObject { ["Regex"] = s_texts[random.Next(s_texts.Length)] } },
        _ => old is JsonValue value && value.TryGetValue(out long number) ? JsonValue.Create(number + random.Next(-3, 4)) : old?.DeepClone(),
    };

    private static JsonArray Deep(int depth)
    {
        var outer = new JsonArray();
        for (int i = 0; i < depth; i++) outer = new JsonArray(outer);
        return outer;
    }

    private byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Overwrite(List<byte> bytes, int at, IReadOnlyList<byte> with)
    {
        for (int i = 0; i < with.Count && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }
}
