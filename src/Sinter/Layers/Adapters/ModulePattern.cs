namespace Sinter.Layers.Adapters;

/// <summary>Chooses modules as PEFT does, by the whole path or its last parts (<c>c_attn</c>, <c>attn.c_proj</c>), or by a pattern of the whole path with
/// <c>*</c> and <c>?</c>.</summary>
internal static class ModulePattern
{
    /// <summary>Whether a module's path is chosen.</summary>
    public static bool Fits(string pattern, string path) =>
        path == pattern || path.EndsWith("." + pattern, StringComparison.Ordinal) || NamePattern.Fits(pattern, path);

    /// <summary>Whether a parameter, or a module that it is part of, is chosen.</summary>
    public static bool Holds(string pattern, string parameter)
    {
        for (string? path = parameter; path is not null; path = Parent(path))
            if (Fits(pattern, path)) return true;
        return false;
    }

    /// <summary>The name whose end takes the fewest changes to fit.</summary>
    public static string? Nearest(string pattern, IReadOnlyList<string> names) => NamePattern.Nearest("*" + pattern, names);

    private static string? Parent(string path) => path.LastIndexOf('.') is > 0 and var dot ? path[..dot] : null;
}
