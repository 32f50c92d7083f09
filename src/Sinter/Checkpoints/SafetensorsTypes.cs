using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>The names that safetensors files give to element types.</summary>
internal static class SafetensorsTypes
{
    /// <summary>The file's name of <paramref name="type"/>.</summary>
    public static string Name(DType type) => type switch
    {
        DType.Float32 => "F32",
        DType.BFloat16 => "BF16",
        DType.Float16 => "F16",
        DType.Float64 => "F64",
        DType.Int32 => "I32",
        DType.Int64 => "I64",
        DType.Int16 => "I16",
        DType.Int8 => "I8",
        DType.UInt8 => "U8",
        DType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The type of that name; null if there is none here.</summary>
    public static DType? Parse(string name) => name switch
    {
        "F32" => DType.Float32,
        "BF16" => DType.BFloat16,
        "F16" => DType.Float16,
        "F64" => DType.Float64,
        "I32" => DType.Int32,
        "I64" => DType.Int64,
        "I16" => DType.Int16,
        "I8" => DType.Int8,
        "U8" => DType.UInt8,
        "BOOL" => DType.Bool,
        _ => null,
    };

    /// <summary>Whether the format has a type of this name that is not read here.</summary>
    public static bool IsForeign(string name) =>
        name is "U16" or "U32" or "U64" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" or "F6_E2M3" or "F6_E3M2"
            or "F4" or "C64";
}
