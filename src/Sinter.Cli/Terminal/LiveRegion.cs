using System.Globalization;
using System.Text;

namespace Sinter.Cli.Terminal;

/// <summary>
/// Lines at the end of the output that are drawn over and over. Each change is one write, bracketed as a synchronized update where the terminal knows
/// it, that leaves the cursor below the lines. The cursor is never hidden and no mode stays set, so a process that is killed leaves a sane terminal.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="size">Its columns and rows at the moment.</param>
internal sealed class LiveRegion(TextWriter output, Func<(int Width, int Height)> size)
{
    private const string BeginUpdate = "\u001b[?2026h", EndUpdate = "\u001b[?2026l", EraseLine = "\u001b[K", EraseBelow = "\u001b[J";

    private readonly StringBuilder _write = new();
    private int _rows, _width;

    /// <summary>Columns and rows of the terminal at the moment.</summary>
    public (int Width, int Height) Size => size();

    /// <summary>Puts <paramref name="above"/> in the scrolling part, if it is not empty, and draws <paramref name="lines"/> below it.</summary>
    public void Draw(string lines, string above = "")
    {
        var (width, height) = size();
        _write.Clear().Append(BeginUpdate);
        int up = Math.Min(RowsNow(width), height - 1);
        if (up > 0) _write.Append(CultureInfo.InvariantCulture, $"\r\u001b[{up}A");
        if (above.Length > 0) Append(above[..^(above[^1] == '\n' ? 1 : 0)].Split('\n'));
        var rows = lines.Split('\n');
        if (rows.Length > height - 1) rows = rows[..Math.Max(1, height - 1)];
        Append(rows);
        _write.Append(EraseBelow).Append(EndUpdate);
        output.Write(_write);
        output.Flush();
        (_rows, _width) = (rows.Length, width);
    }

    /// <summary>Leaves the lines as they are and writes <paramref name="lines"/> below them.</summary>
    public void Finish(IReadOnlyList<string> lines)
    {
        foreach (string line in lines) output.WriteLine(line);
        output.Flush();
        _rows = 0;
    }

    // A terminal that was made narrower since has wrapped the old lines.
    private int RowsNow(int width) => _rows * (_width > width ? (_width - 1 + width - 1) / width : 1);

    private void Append(ReadOnlySpan<string> lines)
    {
        foreach (string line in lines) _write.Append(line).Append(EraseLine).Append('\n');
    }
}
