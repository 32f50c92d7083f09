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
        DataFiles finder = new("data.text", Extensions, BuiltIn);
        foreach (string item in text)
            if (item != SdkDocs && finder.Add(item, baseFolder, files)) named.Add(files[^1]);
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

    /// <summary>Whether a text names a file that is one document.</summary>
    internal static bool IsPlainFile(string text) =>
        text != SdkDocs && Path.GetExtension(text) is { Length: > 0 } && IsText(text) && !IsJsonLines(text) && !Glob.IsPattern(text) && !Directory.Exists(text);

    private static bool IsText(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsJsonLines(string path) => Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);
}
