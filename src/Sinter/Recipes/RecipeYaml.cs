using Sinter.Options;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sinter.Recipes;

/// <summary>
/// Reads YAML into nodes with marks, event by event: unlike a deserializer it keeps duplicate keys for the binder to report, shares aliases instead
/// of copying them, and stops at limits that no real recipe meets.
/// </summary>
internal sealed class RecipeYaml
{
    /// <summary>The most characters of a recipe.</summary>
    public const int MostCharacters = 1 << 18;

    /// <summary>The deepest nesting.</summary>
    public const int MostDepth = 16;

    private const int MostNodes = 10_000;

    private readonly Parser parser;
    private readonly string source;
    private readonly string folder;
    private readonly Dictionary<string, OptionNode> anchors = [];
    private int nodes;

    private RecipeYaml(string text, string source, string folder)
    {
        parser = new Parser(new StringReader(text));
        (this.source, this.folder) = (source, folder);
    }

    /// <summary>The recipe's top mapping.</summary>
    /// <exception cref="RecipeException">The text is empty, too long, too deep, not a mapping, or not YAML.</exception>
    public static OptionNode Parse(string text, string source, string folder)
    {
        if (text.Length > MostCharacters)
            throw new RecipeException($"{source}: {text.Length} characters are too many for a recipe; at most {MostCharacters}");
        var root = ParseAny(text.TrimStart('\uFEFF'), source, folder);
        if (root is null)
        {
            throw new RecipeException(
                $"{source}:1:1: the recipe is empty; it needs at least data.text and one of training.max_steps, max_tokens and epochs");
        }
        if (root.Kind != OptionNodeKind.Map)
        {
            string keys = ChoiceType.List(RecipeSchema.Keys.KeyNames);
            throw new RecipeException($"{root.Mark}: expected a mapping with the keys {keys}, not {root.Show()}");
        }
        return root;
    }

    /// <summary>
    /// The value of a <c>--set</c>. What is not YAML, or would be an alias, an anchor or a tag, is its text: <c>*.txt</c> is a glob
    /// there.
    /// </summary>
    public static OptionNode ParseValue(string text, OptionMark mark)
    {
        if (text.Length == 0 || text.Length > MostCharacters
            || text[0] is '*' or '&' or '!' or '|' or '>' or '%' or '@' or '`') return OptionNode.Quoted(text, mark);
        try
        {
            return Remark(ParseAny(text, mark.Source, mark.Folder) ?? OptionNode.Plain("", mark), mark, text);
        }
        catch (RecipeException)
        {
            return OptionNode.Quoted(text, mark);
        }
    }

    private static OptionNode Remark(OptionNode node, OptionMark mark, string? raw) => node.Kind switch
    {
        OptionNodeKind.Map => OptionNode.Map([.. node.Entries.Select(e => new OptionEntry(e.Key, mark, Remark(e.Value, mark, null)))]).At(mark, raw),
        OptionNodeKind.List => OptionNode.List([.. node.Items.Select(i => Remark(i, mark, null))]).At(mark, raw),
        _ => node.At(mark, raw),
    };

    private static OptionNode? ParseAny(string text, string source, string folder)
    {
        RefuseControlCharacters(text, source);
        var reader = new RecipeYaml(text, source, folder);
        try
        {
            return reader.Document();
        }
        catch (YamlException e)
        {
            throw new RecipeException($"{source}:{e.Start.Line}:{e.Start.Column}: not YAML: {Reason(e, text)}");
        }
        // The library's scanner has states that it answers with exceptions of other types.
        catch (Exception e) when (e is not (RecipeException or OutOfMemoryException))
        {
            var last = reader.parser.Current?.End ?? Mark.Empty;
            throw new RecipeException($"{source}:{last.Line}:{last.Column}: not YAML from here on; a quote, bracket or brace may be missing");
        }
    }

    private OptionNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _)) return null;
        parser.Consume<DocumentStart>();
        bool empty = parser.Accept<Scalar>(out var only) && only.Value.Length == 0 && only.Style == ScalarStyle.Plain;
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second)) throw Refuse(second, "a second document; a recipe is one");
        parser.Consume<StreamEnd>();
        return empty ? null : root;
    }

    private OptionNode Node(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value.Value, out var shared) ? shared.At(MarkOf(alias))
                : throw Refuse(alias, $"unknown alias '*{alias.Value.Value}'; a text that begins with * needs quotes");
        }
        var start = parser.Consume<NodeEvent>();
        if (++nodes > MostNodes) throw Refuse(start, $"more than {MostNodes} values");
        if (depth > MostDepth) throw Refuse(start, $"nested more than {MostDepth} deep");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific) throw Refuse(start, $"tags such as '{start.Tag.Value}' are not supported; remove it");
        var node = start switch
        {
            Scalar s => s.Style == ScalarStyle.Plain ? OptionNode.Plain(s.Value, MarkOf(s)) : OptionNode.Quoted(s.Value, MarkOf(s)),
            MappingStart => Map(start, depth),
            _ => List(start, depth),
        };
        if (!start.Anchor.IsEmpty) anchors[start.Anchor.Value] = node;
        return node;
    }

    private OptionNode List(NodeEvent start, int depth)
    {
        var items = new List<OptionNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return OptionNode.List(items, MarkOf(start));
    }

    private OptionNode Map(NodeEvent start, int depth)
    {
        var entries = new List<OptionEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out var key)) throw Refuse(parser.Current!, "a key must be a plain name");
            if (key is { Value: "<<", Style: ScalarStyle.Plain }) throw Refuse(key, "merge keys (<<) are not supported; write the keys out");
            Node(depth + 1);
            entries.Add(new(key.Value, MarkOf(key), Node(depth + 1)));
        }
        return OptionNode.Map(entries, MarkOf(start));
    }

    private OptionMark MarkOf(ParsingEvent e) => new(source, e.Start.Line, e.Start.Column, folder);

    private RecipeException Refuse(ParsingEvent e, string message) => new($"{MarkOf(e)}: {message}");

    private static string Reason(YamlException e, string text)
    {
        string message = e.Message.Length > 0 ? char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.') : "unreadable";
        var lines = text.Split('\n');
        int tab = Array.FindIndex(lines, l => l.TrimStart().Length > 0 && l[..^l.TrimStart().Length].Contains('\t'));
        return message + (tab + 1 >= e.Start.Line ? $"; line {tab + 1} is indented with a tab: use spaces"
            : e.End.Line > lines.Length || lines.Skip((int)e.End.Line - 1).All(string.IsNullOrWhiteSpace)
                ? "; a quote, bracket or brace may be missing"
            : message.Contains("invalid mapping", StringComparison.Ordinal) || message.Contains("cannot start", StringComparison.Ordinal)
                ? "; text with special characters needs quotes" : "");
    }

    // The library takes NUL for the end of the text, and would ignore what follows.
    private static void RefuseControlCharacters(string text, string source)
    {
        int at = text.AsSpan().IndexOfAnyInRange('\0', '\b');
        if (at < 0) return;
        int line = text.AsSpan(0, at).Count('\n') + 1;
        int column = at - text.LastIndexOf('\n', at);
        throw new RecipeException($"{source}:{line}:{column}: the control character U+{(int)text[at]:X4} can't stand in YAML");
    }
}
