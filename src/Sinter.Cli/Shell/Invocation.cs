namespace Sinter.Cli.Shell;

/// <summary>How the user called this program, so that the commands it names can be copied.</summary>
internal static class Invocation
{
    /// <summary><c>sinter</c>, or what starts the build of a clone from the current folder.</summary>
    public static string Command { get; } = Find(AppContext.BaseDirectory, Environment.ProcessPath, Directory.GetCurrentDirectory());

    internal static string Find(string baseFolder, string? processPath, string currentFolder)
    {
        string folder = Path.TrimEndingDirectorySeparator(baseFolder);
        if (ProjectOf(folder) is not { } project) return "sinter";
        if (Path.GetFileNameWithoutExtension(processPath) == "dotnet")
            return $"dotnet {Relative(currentFolder, Path.Combine(folder, "Sinter.Cli.dll"))}";
        string release = folder.Split(Path.DirectorySeparatorChar).Contains("Release") ? "-c Release " : "";
        return $"dotnet run {release}--project {Relative(currentFolder, project)} --";
    }

    // A build lies in PROJECT/bin/CONFIGURATION/FRAMEWORK.
    private static string? ProjectOf(string folder)
    {
        string project = Path.GetFullPath(Path.Combine(folder, "..", "..", ".."));
        return File.Exists(Path.Combine(project, "Sinter.Cli.csproj")) ? project : null;
    }

    private static string Relative(string currentFolder, string path)
    {
        string relative = Path.GetRelativePath(currentFolder, path);
        string shown = relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
        return shown.Contains(' ', StringComparison.Ordinal) ? $"\"{shown}\"" : shown;
    }
}
