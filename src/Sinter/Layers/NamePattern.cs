using System.IO.Enumeration;

namespace Sinter.Layers;

/// <summary>
/// Chooses parameters by name: <c>*</c> stands for any characters, dots too, and <c>?</c> for one; the rest is the name itself, and the whole name
/// must
/// match. <c>*.bias</c>, <c>transformer.h.0.*</c>, <c>*.mlp.c_proj.weight</c>.
/// </summary>
internal static class NamePattern
{
    /// <summary>Whether the whole of <paramref name="name"/> matches.</summary>
    public static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>The name that takes the fewest changes to fit.</summary>
    public static string? Nearest(string pattern, IReadOnlyList<string> names) => names.MinBy(name => Distance(pattern, name));

    /// <summary>Insertions, deletions and replacements of letters until the pattern fits (Levenshtein); what <c>*</c> stands for is free.</summary>
    public static int Distance(string pattern, string name)
    {
        int[] above = [.. Enumerable.Range(0, name.Length + 1)], row = new int[name.Length + 1];
        foreach (char c in pattern)
        {
            bool any = c == '*';
            row[0] = above[0] + (any ? 0 : 1);
            for (int j = 1; j <= name.Length; j++)
            {
                int kept = above[j - 1] + (any || c == '?' || c == name[j - 1] ? 0 : 1);
                row[j] = Math.Min(kept, Math.Min(above[j] + (any ? 0 : 1), row[j - 1] + (any ? 0 : 1)));
            }
            (above, row) = (row, above);
        }
        return above[^1];
    }
}
