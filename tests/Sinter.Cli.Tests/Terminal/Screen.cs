using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sinter.Cli.Tests.Terminal;

/// <summary>A terminal as far as the displays use one: lines, cursor up, erase line, erase below. Anything else it meets is an error.</summary>
internal sealed partial class Screen(int width, int height)
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _row, _column;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Everything, what scrolled away included, without empty lines at the end.</summary>
    public string[] Lines => [.. _lines.Select(line => line.ToString().TrimEnd()).Reverse().SkipWhile(line => line.Length == 0).Reverse()];

    [GeneratedRegex("""\G\x1b\[([?0-9;]*)([A-Za-z])""")]
    private static partial Regex Sequence();

    public void Feed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b')
            {
                var match = Sequence().Match(text, i);
                Assert.True(match.Success, "An unfinished escape sequence.");
                Command(match.Groups[1].Value, match.Groups[2].Value[0]);
                i += match.Length - 1;
            }
            else Put(text[i]);
        }
    }

    private void Command(string arguments, char command)
    {
        switch (command)
        {
            case 'm' or 'h' or 'l': Assert.True(command == 'm' || arguments == "?2026", $"A mode is set: {arguments}"); break;
            case 'A': _row = Math.Max(Math.Max(0, _lines.Count - Height), _row - int.Parse(arguments, CultureInfo.InvariantCulture)); break;
            case 'K': _lines[_row].Length = Math.Min(_lines[_row].Length, _column); break;
            case 'J': Below(); break;
            default: Assert.Fail($"ESC [ {arguments}{command}"); break;
        }
    }

    private void Below()
    {
        _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
        _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
    }

    private void Put(char c)
    {
        if (c == '\r') _column = 0;
        else if (c == '\n')
        {
            (_row, _column) = (_row + 1, 0);
            if (_row == _lines.Count) _lines.Add(new StringBuilder());
        }
        else
        {
            Assert.True(c >= ' ', $"Control character {(int)c}");
            if (_column == Width) Put('\n');
            var line = _lines[_row];
            if (_column < line.Length) line[_column] = c;
            else line.Append(c);
            _column++;
        }
    }
}
