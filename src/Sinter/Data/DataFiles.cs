namespace Sinter.Data;

/// <summary>Finds the files that a key of <c>data</c> names.</summary>
/// <param name="key">The key, for messages.</param>
/// <param name="extensions">Those that can be read.</param>
/// <param name="builtIn">The sources that need no file and stand beside the files.</param>
internal sealed class DataFiles(string key, IReadOnlyList<string> extensions, IReadOnlyList<string> builtIn)
{
    /// <summary>Adds the files of an item, those of a folder or glob in ordinal order, and says whether the item is a file itself.</summary>
    /// <exception cref="DataException">It leads nowhere, or to no file that can be read.</exception>
    public bool Add(string item, string baseFolder, List<string> files)
    {
        if (string.IsNullOrWhiteSpace(item)) throw new DataException($"{key}: an item is empty; give a file, folder or glob");
        string path = Path.GetFullPath(item, Path.GetFullPath(baseFolder));
        if (File.Exists(path))
        {
            if (!Fits(path)) throw new DataException(
                $"{key}: {path}: the extension '{Path.GetExtension(path)}' is not supported; use {string.Join(", ", extensions)}");
            files.Add(path);
            return true;
        }
        if (Directory.Exists(path)) AddFound(item, path, Glob.FilesUnder(path), "the folder", files);
        else if (Glob.IsPattern(item)) AddFound(item, path, Glob.Find(path), "the pattern", files);
        else throw new DataException($"{key}: '{item}' is neither a file nor a folder (looked for {path})"
            + (builtIn.Count == 0 ? "" : $" nor a built-in source ({string.Join(", ", builtIn)})"));
        return false;
    }

    private bool Fits(string path) => extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private void AddFound(string item, string path, List<string> found, string what, List<string> files)
    {
        int before = files.Count;
        files.AddRange(found.Where(Fits));
        if (files.Count > before) return;
        string others = found.Count == 0 ? "" : $", only {found.Count} of other kinds such as {found[0]}";
        throw new DataException($"{key}: {what} '{item}' ({path}) has no {string.Join(", ", extensions)} file{others}");
    }
}
