using System.IO.Enumeration;

namespace Sinter.Data;

/// <summary>Finds files by patterns with <c>*</c>, <c>?</c> and <c>**</c>, the last for any number of folders.</summary>
internal static class Glob
{
    private static readonly bool IgnoreCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    /// <summary>Whether a path has a wildcard.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>
    /// The files that an absolute pattern matches, in ordinal order of their paths. Hidden files and folders only match a part that begins with a
    /// dot.
    /// </summary>
    public static List<string> Find(string pattern)
    {
        string root = Path.GetPathRoot(pattern) ?? "";
        string[] parts = pattern[root.Length..].Replace('\\', OperatingSystem.IsWindows() ? '/' : '\\')
            .Split('/', StringSplitOptions.RemoveEmptyEntries);
        int plain = parts.TakeWhile((part, i) => i < parts.Length - 1 && !IsPattern(part)).Count();
        string folder = Path.Combine([root, .. parts[..plain]]);
        SortedSet<string> found = new(StringComparer.Ordinal);
        if (Directory.Exists(folder)) Walk(folder, parts.AsSpan(plain), found);
        return [.. found];
    }

    /// <summary>The files under a folder, at any depth, in ordinal order of their paths; hidden ones and linked folders are left out.</summary>
    public static List<string> FilesUnder(string folder)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Walk(folder, ["**", "*"], found);
        return [.. found];
    }

    private static void Walk(string folder, ReadOnlySpan<string> parts, SortedSet<string> found)
    {
        if (parts[0] == "**")
        {
            while (parts.Length > 1 && parts[1] == "**") parts = parts[1..];
            Walk(folder, parts.Length == 1 ? ["*"] : parts[1..], found);
            // A linked folder may lead back to one above it.
            foreach (string inner in Entries(folder, "*", folders: true, links: false)) Walk(inner, parts, found);
        }
        else if (parts.Length > 1)
        {
            foreach (string inner in Entries(folder, parts[0], folders: true, links: true)) Walk(inner, parts[1..], found);
        }
        else
        {
            found.UnionWith(Entries(folder, parts[0], folders: false, links: true));
        }
    }

    private static List<string> Entries(string folder, string part, bool folders, bool links)
    {
        FileAttributes skip = part.StartsWith('.') ? 0 : FileAttributes.Hidden;
        EnumerationOptions options = new() { AttributesToSkip = skip, IgnoreInaccessible = true };
        FileSystemEnumerable<string> entries = new(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory == folders
                && (links || (entry.Attributes & FileAttributes.ReparsePoint) == 0)
                    && FileSystemName.MatchesSimpleExpression(part, entry.FileName, IgnoreCase),
        };
        return [.. entries];
    }
}
