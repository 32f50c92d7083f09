using System.Text;
using System.Text.Json;

namespace Sinter.Text.Templates.Values;

/// <summary>Values as JSON: out of a file, and as Python's <c>json.dumps</c> writes them.</summary>
internal static class ValueJson
{
    /// <summary>The value of a JSON element.</summary>
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? whole : (object)element.GetDouble(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => new List<object?>(element.EnumerateArray().Select(Of)),
        JsonValueKind.Object => Dict(element),
        _ => null,
    };

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">Spaces a level; null writes one line.</param>
    /// <param name="ascii">Whether other letters become escapes.</param>
    /// <param name="sorted">Whether keys are sorted.</param>
    /// <param name="separators">What stands between items, and behind keys; null is Python's habit.</param>
    public static string Write(object? value, int? indent, bool ascii, bool sorted, (string Item, string Key)? separators) =>
        new Writer(indent, ascii, sorted, separators ?? (indent is null ? ", " : ",", ": ")).Write(value);

    private static TemplateDict Dict(JsonElement element)
    {
        TemplateDict dict = [];
        foreach (var property in element.EnumerateObject()) dict[property.Name] = Of(property.Value);
        return dict;
    }

    private sealed class Writer(int? indent, bool ascii, bool sorted, (string Item, string Key) separators)
    {
        private readonly StringBuilder _text = new();

        public string Write(object? value)
        {
            Write(value, 0);
            return _text.ToString();
        }

        private void Write(object? value, int depth)
        {
            Value.RequireStack();
            switch (value)
            {
                case List<object?> list: WriteAll('[', ']', list, (item, d) => Write(item, d), depth); break;
                case TemplateDict dict: WriteAll('{', '}', Sorted(dict), (pair, d) => WritePair(pair.Key, pair.Value, d), depth); break;
                case string text: WriteText(text); break;
                default: _text.Append(Plain(value)); break;
            }
        }

        private void WritePair(object key, object? value, int depth)
        {
            WriteText(key as string ?? Plain(key));
            _text.Append(separators.Key);
            Write(value, depth);
        }

        private static string Plain(object? value) => value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            double number when double.IsNaN(number) => "NaN",
            double number when double.IsInfinity(number) => number > 0 ? "Infinity" : "-Infinity",
            long or double => ValueText.Of(value),
            _ => throw new TemplateFault($"a {Value.TypeName(value)} can't be written as JSON"),
        };

        private List<KeyValuePair<object, object?>> Sorted(TemplateDict dict)
        {
            List<KeyValuePair<object, object?>> pairs = [.. dict];
            // List.Sort is not stable, and keys are all different.
            if (sorted) pairs.Sort((x, y) => Value.Compare(x.Key, y.Key, "<"));
            return pairs;
        }

        private void WriteAll<T>(char open, char close, List<T> items, Action<T, int> write, int depth)
        {
            _text.Append(open);
            for (int i = 0; i < items.Count; i++)
            {
                if (i > 0) _text.Append(separators.Item);
                NewLine(depth + 1);
                write(items[i], depth + 1);
            }
            if (items.Count > 0) NewLine(depth);
            _text.Append(close);
        }

        private void NewLine(int depth)
        {
            if (indent is { } spaces) _text.Append('\n').Append(' ', Math.Max(0, spaces) * depth);
        }

        private void WriteText(string text)
        {
            _text.Append('"');
            foreach (char c in text)
            {
                int plain = "\"\\\n\r\t\b\f".IndexOf(c, StringComparison.Ordinal);
                if (plain >= 0) _text.Append('\\').Append("\"\\nrtbf"[plain]);
                else if (c < ' ' || (ascii && c > '~')) _text.Append($"\\u{(int)c:x4}");
                else _text.Append(c);
            }
            _text.Append('"');
        }
    }
}
