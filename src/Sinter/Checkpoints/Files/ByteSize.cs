using System.Globalization;

namespace Sinter.Checkpoints.Files;

/// <summary>Sizes as people write them.</summary>
public static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1), ("", 1),
    ];

    /// <summary>A number with a unit, such as <c>5GB</c> (10⁹) or <c>512MiB</c> (2²⁰), as <c>transformers</c> reads <c>max_shard_size</c>; null if it
    /// is none, or less than one byte.</summary>
    public static long? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (unit, bytes) in s_units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            bool isNumber = double.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            return isNumber && number * bytes is >= 1 and < long.MaxValue ? (long)(number * bytes) : null;
        }
        return null;
    }
}
