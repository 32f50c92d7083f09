using System.Globalization;

namespace Sinter.Tensors.Memory;

/// <summary>How much memory may still be taken.</summary>
public static class AvailableMemory
{
    /// <summary>Bytes that the system could give without paging, within what a container allows this process.</summary>
    public static long Bytes()
    {
        var info = GC.GetGCMemoryInfo();
        long allowed = Math.Max(0, info.TotalAvailableMemoryBytes - Environment.WorkingSet);
        long free = (OperatingSystem.IsLinux() ? Linux() : null) ?? Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
        return Math.Min(allowed, free);
    }

    /// <summary><c>MemAvailable</c> of /proc/meminfo (proc(5)): what can be had without swapping, caches of files included.</summary>
    private static long? Linux()
    {
        const string key = "MemAvailable:";
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith(key, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(key.Length).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) << 10;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Then the runtime's own figure stands.
        }
        return null;
    }
}
