using System.Globalization;
using Sinter.Options;

namespace Sinter.Recipes;

/// <summary>One <c>--set a.b=c</c>.</summary>
internal sealed class RecipeOverride
{
    private readonly string[] path;
    private readonly OptionNode value;

    private RecipeOverride(string[] path, OptionNode value) => (this.path, this.value) = (path, value);

    /// <summary>Reads <c>a.b=c</c>, or returns null and adds to <paramref name="errors"/>.</summary>
    public static RecipeOverride? Parse(string text, string folder, List<string> errors)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? [] : text[..equals].Trim().Split('.');
        if (path.Length is 0 or > RecipeYaml.MostDepth || path.Any(string.IsNullOrWhiteSpace))
        {
            errors.Add($"--set {OptionNode.Quote(text)}: expected KEY=VALUE, such as training.max_steps=1000");
            return null;
        }
        var mark = new OptionMark($"--set {OptionNode.Quote(text)[1..^1]}", 0, 0, folder);
        return new(path, RecipeYaml.ParseValue(text[(equals + 1)..], mark));
    }

    /// <summary>The recipe's nodes with this value in place of what was there.</summary>
    public OptionNode Apply(OptionNode root) => Apply(root, 0);

    /// <summary>Whether this sets the key at <paramref name="key"/> of <paramref name="section"/>.</summary>
    public bool Sets(string section, string key) => path.Length == 2 && path[0] == section && path[1] == key;

    private OptionNode Apply(OptionNode? node, int depth)
    {
        if (depth == path.Length) return value;
        if (node?.Kind == OptionNodeKind.List && int.TryParse(path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < node.Items.Count)
        {
            return OptionNode.List([.. node.Items.Select((item, i) => i == index ? Apply(item, depth + 1) : item)], node.Mark);
        }
        bool isMap = node?.Kind == OptionNodeKind.Map;
        var entries = isMap ? node!.Entries.ToList() : [];
        int at = entries.FindIndex(e => e.Key == path[depth]);
        var child = new OptionEntry(path[depth], value.Mark, Apply(at < 0 ? null : entries[at].Value, depth + 1));
        // The section's own key keeps its place in the file, so that other errors of the section still name it.
        if (at < 0) entries.Add(child);
        else entries[at] = depth + 1 < path.Length ? child with { KeyMark = entries[at].KeyMark } : child;
        return OptionNode.Map(entries, isMap ? node!.Mark : value.Mark, isMap ? node!.Shorthand : node);
    }
}
