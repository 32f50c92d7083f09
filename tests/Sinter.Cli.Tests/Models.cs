using System.Runtime.CompilerServices;

namespace Sinter.Cli.Tests;

/// <summary>Models with fixed weights, and what transformers computes from them: see tests/Sinter.Tests/References/models.</summary>
internal static class Models
{
    public static string Folder(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "Sinter.Tests", "References", "models", name));

    public static string Copy(string name, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(Folder(name))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }
}
