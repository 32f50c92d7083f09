using Sinter.Tensors;

namespace Sinter.Cli.Bench;

/// <summary>Names of precisions.</summary>
internal static class PrecisionName
{
    /// <summary><c>fp32</c> or <c>bf16</c>.</summary>
    public static string Of(Precision precision) => precision == Precision.BFloat16 ? "bf16" : "fp32";
}
