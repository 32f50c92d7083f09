using System.Text.Json;

namespace Sinter.Data.Examples;

/// <summary>Reads columns of a <c>.jsonl</c> file: members of each line's object.</summary>
internal static class JsonLinesTable
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The rows that can be read.</summary>
    public static IEnumerable<TableRow> Read(string path, IReadOnlyList<string> columns, BadLines bad, CancellationToken cancellation)
    {
        foreach (var line in JsonLinesFile.Lines(path, cancellation))
        {
            TableRow? row = null;
            try
            {
                row = Row(line, columns);
            }
            // GetString throws InvalidOperationException for an escaped surrogate without its other half.
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                bad.Add(path, line.Number, $"the line is not a JSON object: {e.Message}");
            }
            catch (FormatException e)
            {
                bad.Add(path, line.Number, e.Message);
            }
            if (row is { } read) yield return read;
        }
    }

    private static TableRow Row(JsonLine line, IReadOnlyList<string> columns)
    {
        using var json = JsonDocument.Parse(line.Text, Options);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("it does not begin with {");
        var cells = new string[]?[columns.Count];
        for (int i = 0; i < cells.Length; i++)
        {
            if (!json.RootElement.TryGetProperty(columns[i], out var value)) throw new FormatException(Missing(json.RootElement, columns[i]));
            cells[i] = Cell(value, columns[i]);
        }
        return new TableRow(line.Number, cells);
    }

    private static string[]? Cell(JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => Text(item, column))],
        _ => [Text(value, column)],
    };

    private static string Text(JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        var kind => throw new FormatException($"'{column}' holds {(kind == JsonValueKind.Object ? "an object" : kind.ToString().ToLowerInvariant())}; "
            + "give a text, a number, or a list of these"),
    };

    private static string Missing(JsonElement row, string column)
    {
        string found = string.Join(", ", row.EnumerateObject().Take(8).Select(m => m.Name));
        return $"the line has no '{column}'; it has {(found.Length == 0 ? "nothing" : found)}";
    }
}
