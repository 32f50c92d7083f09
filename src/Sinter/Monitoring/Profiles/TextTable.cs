namespace Sinter.Monitoring.Profiles;

/// <summary>Columns under their headings: the first to the left, figures to the right.</summary>
/// <param name="headings">One per column.</param>
public sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; cells that are missing are empty, those beyond the headings are left out.</summary>
    public void Add(params string[] cells) => _rows.Add(cells.Length > headings.Length ? cells[..headings.Length] : cells);

    /// <summary>The lines, without spaces at their ends.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = new int[headings.Length];
        for (int i = 0; i < widths.Length; i++) widths[i] = _rows.Append(headings).Max(r => i < r.Length ? r[i].Length : 0);
        return _rows.Prepend(headings).Select(row => Line(row, widths));
    }

    private static string Line(string[] row, int[] widths) =>
        string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd();
}
