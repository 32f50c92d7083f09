using System.Globalization;

namespace Sinter.Data.Examples;

/// <summary>Reads examples from <c>.jsonl</c>, <c>.csv</c> and <c>.tsv</c> files. Every line that is wrong is named, by file and number.</summary>
public static class ExampleReader
{
    /// <summary>The kinds of files.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jsonl", ".csv", ".tsv"];

    /// <summary>Reads files.</summary>
    /// <param name="key">The recipe's key that names them, for messages.</param>
    /// <param name="items">Files, folders and globs.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="baseFolder">What relative paths are relative to.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DataException">A file can't be read or lacks a column, or lines are wrong; the message says which.</exception>
    public static List<Example> Read(string key, IReadOnlyList<string> items, ExampleColumns columns, string baseFolder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        List<string> files = [];
        var finder = new DataFiles(key, Extensions, key == "data.text" ? [BuiltInSources.SdkDocsNamespaces] : []);
        foreach (string item in items) finder.Add(item, baseFolder, files);
        var bad = new BadLines();
        List<Example> examples = [];
        foreach (string file in files.Distinct(StringComparer.Ordinal))
        {
            int before = examples.Count;
            var rows = Path.GetExtension(file).Equals(".jsonl", StringComparison.OrdinalIgnoreCase)
                ? JsonLinesTable.Read(file, columns.All, bad, cancellation) : DelimitedTable.Read(file, columns.All, bad, cancellation);
            foreach (var row in rows)
                if (Read(row, columns, out string? error) is { } example) examples.Add(example with { Place = string.Create(CultureInfo.InvariantCulture, $"{file}:{row.Line}") });
                else bad.Add(file, row.Line, error!);
        }
        bad.Throw();
        if (examples.Count == 0) throw new DataException($"{key}: {string.Join(", ", items)}: there is no example in it");
        return examples;
    }

    private static Example? Read(TableRow row, ExampleColumns columns, out string? error)
    {
        int at = 0;
        string? text = Text(row.Cells[at++], columns.Text, out error), pair = null;
        if (text is null) return null;
        if (columns.Pair is not null && (pair = Text(row.Cells[at++], columns.Pair, out error)) is null) return null;
        var example = new Example(text, pair);
        switch (columns.Target)
        {
            case ExampleTarget.Label:
                return Text(row.Cells[at], columns.Targets[0], out error) is { } label ? example with { Labels = [label] } : null;
            case ExampleTarget.LabelSet:
                string[] cell = row.Cells[at] ?? [];
                var labels = cell is [var one] ? one.Split(columns.Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : cell;
                return example with { Labels = [.. labels.Distinct(StringComparer.Ordinal)] };
            case ExampleTarget.Numbers:
                var values = new float[columns.Targets.Count];
                for (int i = 0; i < values.Length; i++)
                    if (!Number(row.Cells[at + i], columns.Targets[i], out values[i], out error)) return null;
                return example with { Values = values };
            default:
                return example;
        }
    }

    private static string? Text(string[]? cell, string column, out string? error)
    {
        error = cell is not [var text] ? cell is null or [] ? $"'{column}' is empty" : $"'{column}' has {cell.Length} items; give one"
            : string.IsNullOrWhiteSpace(text) ? $"'{column}' is empty" : null;
        return error is null ? cell![0] : null;
    }

    private static bool Number(string[]? cell, string column, out float value, out string? error)
    {
        value = 0;
        if (Text(cell, column, out error) is not { } text) return false;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value)) return true;
        error = $"'{column}' is '{text}', which is no finite number";
        return false;
    }
}
