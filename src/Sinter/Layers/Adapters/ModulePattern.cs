namespace Sinter.Layers.Adapters;

/// <summary>Chooses modules as PEFT does, by the whole path or its last parts (<c>c_attn</c>, <c>attn.c_proj</c>), or by a pattern of the whole path with
/// <c>*</c> and <c>?</c>.</summary>
internal static class ModulePattern
{
    /// <summary>Whether a module's path is chosen.</summary>
    public static bool Fits(string pattern, string path) =>
        path == pattern || path.EndsWith("." + pattern, StringComparison.Ordinal) || NamePattern.Fits(pattern, path);

    /// <summary>Whether a parameter, or a module that it is part of, is chosen.</summary>
    public static bool Holds(string pattern, string parameter) => Path(parameter).Any(p => Fits(pattern, p));

    /// <summary>The parameter and the modules that it is part of, from the inside out.</summary>
    public static IEnumerable<string> Path(string parameter)
    {
        for (string path = parameter; ; path = path[..path.LastIndexOf('.')])
        {
            yield return path;
            if (!path.Contains('.')) yield break;
        }
    }

    /// <summary>The name whose end takes the fewest changes to fit.</summary>
    public static string? Nearest(string pattern, IReadOnlyList<string> names) => NamePattern.Nearest("*" + pattern, names);
}
