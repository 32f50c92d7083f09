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
            // The listing's own descriptor is gone again; and the runtime loads its assemblies when they are needed first.
            string? target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
            if (target is not null && !target.Contains("/proc/", StringComparison.Ordinal) && !IsAssembly(target)) traces.Add(target);
        }
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string children = Path.Combine(task, "children");
            if (File.Exists(children)) traces.UnionWith(File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => "child " + id));
        }
        return traces;
    }

    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.Ordinal)
        && (path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) || path.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal));
}
