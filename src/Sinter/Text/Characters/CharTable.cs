using System.IO.Compression;

namespace Sinter.Text.Characters;

/// <summary>
/// Properties of code points as Hugging Face's tokenizers know them; the script References/tokenizers/unicode.py of the tests writes the file that this
/// reads.
/// </summary>
internal static class CharTable
{
    private const int Block = 128;

    private static readonly Contents Data = Load();

    /// <summary>What a code point is.</summary>
    public static CharFlags Flags(int codePoint) => (CharFlags)Data.Flags[codePoint];

    /// <summary>Whether a code point is any of <paramref name="flags"/>.</summary>
    public static bool Is(int codePoint, CharFlags flags) => (Flags(codePoint) & flags) != 0;

    /// <summary>A number for the script of a code point; 0 goes with any.</summary>
    public static int Script(int codePoint) => Data.Scripts[codePoint];

    /// <summary>The canonical combining class of a code point.</summary>
    public static int CombiningClass(int codePoint) => Data.Classes[codePoint];

    /// <summary>The full canonical or compatibility decomposition; empty if the code point stays itself. Not for Hangul.</summary>
    public static ReadOnlySpan<int> Decomposition(int codePoint, bool compatibility) =>
        !Is(codePoint, CharFlags.Decomposes) ? [] : compatibility && Data.Compatibility.TryGetValue(codePoint, out int[]? found) || Data.Canonical.TryGetValue(codePoint, out found) ? found : [];

    /// <summary>The primary composite of two code points, or −1. Not for Hangul.</summary>
    public static int Composite(int first, int second) => Data.Composites.TryGetValue(((long)first << 32) | (uint)second, out int composite) ? composite : -1;

    /// <summary>The code points that can be the second of a composite. Not for Hangul.</summary>
    public static IEnumerable<int> SecondsOfComposites => Data.Composites.Keys.Select(pair => (int)(uint)pair);

    /// <summary>The lower case of a code point; empty if it is itself.</summary>
    public static ReadOnlySpan<int> Lower(int codePoint) => Is(codePoint, CharFlags.Lowers) && Data.Lower.TryGetValue(codePoint, out int[]? found) ? found : [];

    private static Contents Load()
    {
        using Stream packed = typeof(CharTable).Assembly.GetManifestResourceStream("unicode.bin")!;
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        bytes.Position = 0;
        using BinaryReader reader = new(bytes);
        ushort[] flags = Runs(reader), scripts = Runs(reader), classes = Runs(reader);
        Dictionary<int, int[]> canonical = Mapping(reader), compatibility = Mapping(reader);
        Dictionary<long, int> composites = Composites(reader);
        Dictionary<int, int[]> lower = Mapping(reader);
        // A look into a table is a tenth of one into a dictionary.
        foreach (int codePoint in canonical.Keys.Concat(compatibility.Keys)) flags[codePoint] |= (ushort)CharFlags.Decomposes;
        foreach (int codePoint in lower.Keys) flags[codePoint] |= (ushort)CharFlags.Lowers;
        return new(new(flags), new(scripts), new(classes), canonical, compatibility, composites, lower);
    }

    private static ushort[] Runs(BinaryReader reader)
    {
        ushort[] values = new ushort[0x110000];
        int at = 0;
        for (int n = reader.Read7BitEncodedInt(); n > 0; n--)
        {
            int length = reader.Read7BitEncodedInt();
            values.AsSpan(at, length).Fill((ushort)reader.Read7BitEncodedInt());
            at += length;
        }
        return values;
    }

    private static Dictionary<int, int[]> Mapping(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt(), codePoint = 0;
        Dictionary<int, int[]> map = new(count);
        for (; count > 0; count--)
        {
            codePoint += reader.Read7BitEncodedInt();
            int[] text = new int[reader.Read7BitEncodedInt()];
            for (int i = 0; i < text.Length; i++) text[i] = reader.Read7BitEncodedInt();
            map.Add(codePoint, text);
        }
        return map;
    }

    private static Dictionary<long, int> Composites(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        Dictionary<long, int> map = new(count);
        for (; count > 0; count--)
        {
            long first = reader.Read7BitEncodedInt(), second = reader.Read7BitEncodedInt();
            map.Add((first << 32) | second, reader.Read7BitEncodedInt());
        }
        return map;
    }

    private sealed record Contents(Stages Flags, Stages Scripts, Stages Classes, Dictionary<int, int[]> Canonical, Dictionary<int, int[]> Compatibility,
        Dictionary<long, int> Composites, Dictionary<int, int[]> Lower);

    /// <summary>A value for each code point; equal blocks are stored once.</summary>
    private sealed class Stages
    {
        private readonly ushort[] _starts = new ushort[0x110000 / Block];
        private readonly ushort[] _values;

        public Stages(ReadOnlySpan<ushort> all)
        {
            List<ushort> values = [];
            Dictionary<string, int> blocks = [];
            for (int b = 0; b < _starts.Length; b++)
            {
                ReadOnlySpan<ushort> block = all.Slice(b * Block, Block);
                string key = new(System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, char>(block));
                if (!blocks.TryGetValue(key, out int index))
                {
                    blocks.Add(key, index = blocks.Count);
                    values.AddRange(block);
                }
                _starts[b] = (ushort)index;
            }
            _values = [.. values];
        }

        public int this[int codePoint] => _values[_starts[codePoint / Block] * Block + codePoint % Block];
    }
}
