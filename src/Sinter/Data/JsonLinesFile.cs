using System.Text.Json;
using System.Text.Unicode;

namespace Sinter.Data;

/// <summary>A line of a <c>.jsonl</c> file that is not blank: UTF-8 without NUL, and not known to be JSON.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">Its bytes; good until the next line is read.</param>
internal readonly record struct JsonLine(long Number, ReadOnlyMemory<byte> Text);

/// <summary>Reads <c>.jsonl</c> files: their lines, or one field of each.</summary>
internal static class JsonLinesFile
{
    private const int LongestLine = 1 << 29;

    /// <summary>The texts of the field, line by line; blank lines are left out.</summary>
    public static IEnumerable<string> Read(string path, string column, CancellationToken cancellation)
    {
        foreach (JsonLine line in Lines(path, cancellation)) yield return ReadField(path, line.Number, line.Text.Span, column);
    }

    /// <summary>The lines that are not blank, without the byte-order mark.</summary>
    /// <exception cref="DataException">The file can't be read, is binary or not UTF-8, or a line is too long.</exception>
    public static IEnumerable<JsonLine> Lines(string path, CancellationToken cancellation)
    {
        long number = 0, offset = 0;
        foreach (ReadOnlyMemory<byte> raw in RawLines(path, cancellation))
        {
            number++;
            ReadOnlyMemory<byte> line = number == 1 && raw.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? raw[3..] : raw;
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                Check(path, offset + raw.Length - line.Length, line.Span);
                yield return new(number, line);
            }
            offset += raw.Length + 1;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> RawLines(string path, CancellationToken cancellation)
    {
        using FileStream file = Utf8Files.Open(path);
        byte[] buffer = new byte[1 << 18];
        int start = 0, end = 0, searched = 0;
        while (true)
        {
            int length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                int stop = searched + length;
                yield return buffer.AsMemory(start, stop - start);
                start = searched = stop + 1;
                continue;
            }
            cancellation.ThrowIfCancellationRequested();
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            searched = end;
            if (end > LongestLine)
                throw new DataException($"{path}: a line is longer than {LongestLine} bytes; a .jsonl file has one JSON object per line");
            if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            int size = Utf8Files.Read(file, buffer.AsSpan(end));
            end += size;
            if (size > 0) continue;
            if (end > 0) yield return buffer.AsMemory(0, end);
            yield break;
        }
    }

    private static void Check(string path, long offset, ReadOnlySpan<byte> line)
    {
        int nul = line.IndexOf((byte)0);
        if (nul >= 0) throw Utf8Files.Binary(path, offset + nul);
        if (Utf8.IsValid(line)) return;
        Utf8.ToUtf16(line, new char[line.Length], out int used, out _, replaceInvalidSequences: false);
        throw Utf8Files.Invalid(path, line[used..], offset + used);
    }

    private static string ReadField(string path, long number, ReadOnlySpan<byte> line, string column)
    {
        try
        {
            return ReadField(line, column, out string found) ?? throw new DataException(
                $"{path}:{number}: the line has no field '{column}' that is a text; it has {found}; name the field of the text with data.column");
        }
        // GetString throws InvalidOperationException for an escaped surrogate without its other half.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{path}:{number}: the line is not a JSON object: {e.Message}", e);
        }
    }

    private static string? ReadField(ReadOnlySpan<byte> line, string column, out string found)
    {
        Utf8JsonReader json = new(line);
        string? text = null;
        List<string> names = [];
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("it does not begin with {");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = json.ValueTextEquals(column);
            if (!wanted && names.Count < 8) names.Add(json.GetString()!);
            json.Read();
            if (wanted && json.TokenType == JsonTokenType.String) text = json.GetString();
            else if (wanted) names.Add($"{column} (which is {json.TokenType})");
            json.Skip();
        }
        if (json.Read()) throw new JsonException("there is more after the object");
        found = names.Count == 0 ? "none" : string.Join(", ", names);
        return text;
    }
}
