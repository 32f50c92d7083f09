using System.Globalization;
using Sinter.Tensors.Memory;

namespace Sinter.Training.Planning;

/// <summary>How much memory the process may have: <c>4GiB</c>, <c>900 MB</c>, or a share of what it has and the system has left, <c>80%</c>.</summary>
/// <param name="Bytes">Bytes; 0 where a share is given.</param>
/// <param name="Share">The share, in (0, 1]; 0 where bytes are given.</param>
public readonly record struct MemoryLimit(long Bytes, double Share)
{
    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    /// <summary>What a limit looks like, for messages.</summary>
    public const string Expected = "a size such as 4GiB or 900MB, or a share of the free memory such as 80%";

    /// <summary>Reads a limit.</summary>
    public static bool TryParse(string? text, out MemoryLimit limit)
    {
        string trimmed = text?.Trim() ?? "";
        limit = default;
        if (trimmed.EndsWith('%')) return Number(trimmed[..^1], out double percent) && percent is > 0 and <= 100 && Set(out limit, new MemoryLimit(0, percent / 100));
        foreach (var (unit, bytes) in s_units)
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                return Number(trimmed[..^unit.Length], out double count) && count * bytes is >= 1 and < 1e18 && Set(out limit, new MemoryLimit((long)(count * bytes), 0));
        return false;
    }

    /// <summary>Bytes for the whole process, of which it has some already.</summary>
    public long Resolve() => Share == 0 ? Bytes : (long)(Share * (Environment.WorkingSet + AvailableMemory.Bytes()));

    private static bool Number(string text, out double value) => double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static bool Set(out MemoryLimit target, MemoryLimit value)
    {
        target = value;
        return true;
    }
}
