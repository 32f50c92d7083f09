using System.Diagnostics;
using System.Globalization;

namespace Sinter.Monitoring;

/// <summary>The most memory that this process ever had resident.</summary>
public static class PeakMemory
{
    private const string Status = "/proc/self/status", Field = "VmHWM:";

    /// <summary>Bytes: VmHWM on Linux, the system's own counter elsewhere.</summary>
    public static long Bytes()
    {
        if (OperatingSystem.IsLinux() && File.Exists(Status))
            foreach (string line in File.ReadLines(Status))
                if (line.StartsWith(Field, StringComparison.Ordinal))
                    return 1024 * long.Parse(line.AsSpan(Field.Length).Trim().TrimEnd(" kB"), NumberStyles.None, CultureInfo.InvariantCulture);
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
