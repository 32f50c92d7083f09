using System.Runtime.InteropServices;

namespace Sinter.Data.Sdk;

/// <summary>Finds where the .NET SDK is installed.</summary>
internal static class SdkLocator
{
    /// <summary>
    /// The folder that holds <c>packs</c> or <c>sdk</c>: that of the running runtime, else <c>DOTNET_ROOT</c>, else that of <c>dotnet</c> on the
    /// <c>PATH</c>; null if there is none.
    /// </summary>
    public static string? Find() =>
        Candidates().FirstOrDefault(root => Directory.Exists(Path.Combine(root, "packs")) || Directory.Exists(Path.Combine(root, "sdk")));

    /// <summary>The folders looked at, in order.</summary>
    public static IEnumerable<string> Candidates()
    {
        // shared/Microsoft.NETCore.App/VERSION/ is three levels below the root.
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root) yield return Path.GetFullPath(root);
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            FileInfo file = new(Path.Combine(folder, name));
            if (file.Exists) yield return Path.GetDirectoryName((file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName)!;
        }
    }
}
