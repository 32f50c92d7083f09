using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sinter.Options;

/// <summary>Writes values as YAML 1.2 that readers of YAML 1.1 understand in the same way.</summary>
internal static partial class OptionYaml
{
    /// <summary>A map as a block, two spaces a level, ending with a line feed.</summary>
    public static string Block(OptionNode map)
    {
        var text = new StringBuilder();
        Block(map, "", text);
        return text.ToString();
    }

    /// <summary>A value on one line.</summary>
    public static string Inline(OptionNode node) => node.Kind switch
    {
        OptionNodeKind.Map when node.Entries.Count == 0 => "{}",
        OptionNodeKind.Map => "{ " + string.Join(", ", node.Entries.Select(e => $"{Inline(OptionNode.Quoted(e.Key))}: {Inline(e.Value)}")) + " }",
        OptionNodeKind.List => "[" + string.Join(", ", node.Items.Select(Inline)) + "]",
        _ => node.IsPlain || Safe().IsMatch(node.Text) && !Reserved().IsMatch(node.Text) ? node.Text : Escape(node.Text),
    };

    private static void Block(OptionNode map, string indent, StringBuilder text)
    {
        foreach (var (key, _, value) in map.Entries)
        {
            text.Append(indent).Append(Inline(OptionNode.Quoted(key))).Append(':');
            if (value.Kind == OptionNodeKind.Map && value.Entries.Count > 0)
            {
                text.Append('\n');
                Block(value, indent + "  ", text);
            }
            else if (value.Kind == OptionNodeKind.List && value.Items.Any(i => !i.IsPlain))
            {
                text.Append('\n');
                foreach (var item in value.Items) text.Append(indent).Append("  - ").Append(Inline(item)).Append('\n');
            }
            else
            {
                text.Append(' ').Append(Inline(value)).Append('\n');
            }
        }
    }

    private static string Escape(string value)
    {
        var text = new StringBuilder("\"");
        foreach (char c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' =>
                    "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }
        return text.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Safe();

    // Words that some YAML reads as truth values, null or not-a-number.
    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null|nan|inf)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
