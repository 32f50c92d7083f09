using Sinter.Tensors;

namespace Sinter.Training;

/// <summary>How recipes name the precision of matrix products.</summary>
public static class PrecisionNames
{
    /// <summary>The precision of <c>fp32</c>, <c>bf16</c> or <c>auto</c>.</summary>
    public static Precision Of(string name) => name switch
    {
        "fp32" => Precision.Float32,
        "bf16" => Precision.BFloat16,
        _ => Precision.Auto,
    };

    /// <summary><c>fp32</c> or <c>bf16</c>, of a precision as resolved.</summary>
    public static string Of(Precision precision) => precision == Precision.BFloat16 ? "bf16" : "fp32";
}
