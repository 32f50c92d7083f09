namespace Sinter.Data;

/// <summary>The data that is on every machine with the .NET SDK, by the names that <c>data.text</c> takes.</summary>
public static class BuiltInSources
{
    /// <summary>Texts with labels: a documentation summary and the namespace that it is from.</summary>
    public const string SdkDocsNamespaces = "sdk-docs-namespaces";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [TextSources.SdkDocs, SdkDocsNamespaces];

    /// <summary>Whether <paramref name="text"/> names a built-in source rather than a file.</summary>
    public static bool Contains(string text) => Names.Contains(text);

    /// <summary>
    /// An entry of <c>data.text</c> that was written in <paramref name="folder"/>: a built-in source stays, a path becomes
    /// absolute.
    /// </summary>
    public static string Resolve(string text, string folder) => Contains(text) ? text : Path.GetFullPath(text, folder);
}
