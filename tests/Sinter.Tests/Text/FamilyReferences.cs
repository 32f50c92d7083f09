using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sinter.Tests.Text;

/// <summary>The lines of the files that References/tokenizers/families.py makes.</summary>
internal static class FamilyReferences
{
    private static readonly Dictionary<string, JsonElement[]> Files = [];

    /// <summary>A file's lines; the first holds the texts.</summary>
    public static JsonElement[] Lines(string name)
    {
        lock (Files)
        {
            if (Files.TryGetValue(name, out JsonElement[]? lines)) return lines;
            using GZipStream unpacked = new(new MemoryStream(TokenizerReferences.Bytes(name)), CompressionMode.Decompress);
            using StreamReader reader = new(unpacked, Encoding.UTF8);
            lines = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l))];
            Files.Add(name, lines);
            return lines;
        }
    }

    public static string[] Texts(string name) => [.. Lines(name)[0].GetProperty("texts").EnumerateArray().Select(t => t.GetString()!)];

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(i => i.GetInt32())];
}
