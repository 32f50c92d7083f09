using CsvHelper;

namespace Sinter.Data.Examples;

/// <summary>Reads columns of a <c>.csv</c> or <c>.tsv</c> file (RFC 4180, with commas or tabs) whose first row names them.</summary>
internal static class DelimitedTable
{
    /// <summary>The rows that can be read.</summary>
    /// <exception cref="DataException">The file has no header, or not the columns.</exception>
    public static IEnumerable<TableRow> Read(string path, IReadOnlyList<string> columns, BadLines bad, CancellationToken cancellation)
    {
        using var text = new PieceReader(Utf8Files.ReadPieces(path, cancellation));
        using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',',
            TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = record => Report(path, record, bad),
        }, leaveOpen: false);
        csv.ReadHeader();
        string[] header = [.. csv.Headers];
        if (header.Length == 0) throw new DataException($"{path}: the file is empty; give one whose first line names the columns");
        int[] places = [.. columns.Select(column => Place(path, header, column))];
        while (csv.Read()) yield return new TableRow(csv.LineNumber, [.. places.Select(place => csv.IsEmpty(place) ? null : new[] { csv.GetString(place) })]);
    }

    private static int Place(string path, string[] header, string column)
    {
        int place = Array.IndexOf(header, column);
        if (place < 0) throw new DataException($"{path}:1: the header has no column '{column}'; it has {string.Join(", ", header)}");
        if (Array.LastIndexOf(header, column) != place) throw new DataException($"{path}:1: the header has the column '{column}' twice");
        return place;
    }

    private static void Report(string path, CsvMalformedRecord record, BadLines bad)
    {
        string? what = record.Reason switch
        {
            // A quote inside an unquoted field is taken as it stands.
            CsvMalformedReason.StrayQuote => null,
            CsvMalformedReason.FieldCountMismatch => "the line has more or fewer fields than the header; put a field with a delimiter or a line's end in quotes",
            CsvMalformedReason.UnterminatedQuote => "a field begins with a quote that is never closed; double each quote inside a quoted field",
            _ => "there is text behind a closing quote; double each quote inside a quoted field",
        };
        if (what is not null) bad.Add(path, record.LineNumber, what);
    }
}
