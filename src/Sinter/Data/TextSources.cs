namespace Sinter.Data;

/// <summary>Finds what <see cref="DataOptions.Text"/> names.</summary>
public static class TextSources
{
    /// <summary>The names of the sources that need no file.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [SdkDocs];

    internal const string SdkDocs = "sdk-docs";
    private static readonly string[] Extensions = [".txt", ".md", ".jsonl"];

    /// <summary>
    /// The sources, text files first, then <c>.jsonl</c> files, then built-in ones; files in the order of the options, within a folder or glob in
    /// ordinal order.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="baseFolder">What relative paths are relative to.</param>
    /// <param name="warn">Hears what is left out.</param>
    /// <exception cref="DataException">A path leads nowhere, or to nothing that is text; the message says which.</exception>
    public static IReadOnlyList<TextSource> Find(DataOptions options, string baseFolder, Action<string>? warn = null) =>
        Find(options.Text, options.Column, options.ValidationFraction, baseFolder, warn ?? (_ => { }));

    internal static IReadOnlyList<TextSource> Find(IReadOnlyList<string> text, string column, double fraction, string baseFolder, Action<string> warn)
    {
        if (text.Count == 0) throw new DataException($"data.text: nothing is named; give files, folders, globs, or {string.Join(", ", BuiltIn)}");
        List<string> files = [];
        HashSet<string> named = [];
        foreach (string item in text)
            if (item != SdkDocs && AddFiles(item, baseFolder, files)) named.Add(files[^1]);
        files = [.. files.Distinct(StringComparer.Ordinal)];
        List<string> plain = [.. files.Where(f => !IsJsonLines(f))], lines = [.. files.Where(IsJsonLines)];
        List<TextSource> sources = [];
        if (plain.Count > 0) sources.Add(new TextFileSource(plain, fraction, OnEmpty));
        if (lines.Count > 0) sources.Add(new JsonLinesSource(lines, column, fraction));
        if (text.Contains(SdkDocs)) sources.Add(Sdk.SdkDocsSource.Find(fraction, warn));
        return sources;

        // An empty file that was asked for by name is a mistake, one in a folder is not.
        void OnEmpty(string file)
        {
            if (named.Contains(file)) throw new DataException($"{file}: the file is empty; give a file with text in it");
            warn($"{file} is empty and is left out");
        }
    }

    /// <summary>Adds the files of an item, and says whether the item is a file itself.</summary>
    private static bool AddFiles(string item, string baseFolder, List<string> files)
    {
        if (string.IsNullOrWhiteSpace(item)) throw new DataException("data.text: an item is empty; give a file, folder or glob");
        string path = Path.GetFullPath(item, Path.GetFullPath(baseFolder));
        if (File.Exists(path))
        {
            if (!IsText(path)) throw new DataException(
                $"data.text: {path}: the extension '{Path.GetExtension(path)}' is not supported; use {string.Join(", ", Extensions)}");
            files.Add(path);
            return true;
        }
        if (Directory.Exists(path)) AddFound(item, path, Glob.FilesUnder(path), "the folder", files);
        else if (Glob.IsPattern(item)) AddFound(item, path, Glob.Find(path), "the pattern", files);
        else throw new DataException(
            $"data.text: '{item}' is neither a file nor a folder (looked for {path}) nor a built-in source ({string.Join(", ", BuiltIn)})");
        return false;
    }

    private static void AddFound(string item, string path, List<string> found, string what, List<string> files)
    {
        int before = files.Count;
        files.AddRange(found.Where(IsText));
        if (files.Count > before) return;
        string others = found.Count == 0 ? "" : $", only {found.Count} of other kinds such as {found[0]}";
        throw new DataException($"data.text: {what} '{item}' ({path}) has no {string.Join(", ", Extensions)} file{others}");
    }

    /// <summary>Whether a text names a file that is one document.</summary>
    internal static bool IsPlainFile(string text) =>
        text != SdkDocs && Path.GetExtension(text) is { Length: > 0 } && IsText(text) && !IsJsonLines(text) && !Glob.IsPattern(text) && !Directory.Exists(text);

    private static bool IsText(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsJsonLines(string path) => Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);
}
