using System.Runtime.InteropServices;

namespace Sinter.Tests.Fuzz;

/// <summary>What this process has open or started, as far as the system tells: on Linux files, sockets and child processes.</summary>
internal static class ProcessTraces
{
    /// <summary>One line for each.</summary>
    public static HashSet<string> Now()
    {
        var traces = new HashSet<string>(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux()) return traces;
        foreach (string descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // The listing's own descriptor is gone again, others may be by now; and the runtime loads its assemblies when they are needed first.
            string? target = TargetOf(descriptor);
            if (target is not null && !target.Contains("/proc/", StringComparison.Ordinal) && !IsAssembly(target)) traces.Add(target);
        }
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            traces.UnionWith(ChildrenOf(task).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => "child " + id));
        }
        return traces;
    }

    private static string? TargetOf(string descriptor)
    {
        try { return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName; }
        catch (FileNotFoundException) { return null; }
    }

    // A thread that has ended since is gone from the listing, or says so when it is read.
    private static string ChildrenOf(string task)
    {
        try { return File.ReadAllText(Path.Combine(task, "children")); }
        catch (IOException) { return ""; }
    }

    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.Ordinal)
        && (path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) || path.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal));
}
