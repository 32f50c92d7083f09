namespace Sinter.Data;

/// <summary>Where things stay that can be made again.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that overrides the place.</summary>
    public const string Variable = "SINTER_CACHE";

    /// <summary>
    /// <c>SINTER_CACHE</c> if set, else <c>sinter</c> in <c>XDG_CACHE_HOME</c> (<c>~/.cache</c>), or in the local application data on Windows and
    /// macOS.
    /// </summary>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen) return System.IO.Path.GetFullPath(chosen);
            if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
                return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "sinter");
            // The standard has relative values ignored.
            string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (!System.IO.Path.IsPathRooted(cache))
                cache = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return System.IO.Path.Combine(cache, "sinter");
        }
    }
}
