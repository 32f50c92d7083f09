using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>The names that safetensors files give to element types: all of the format's.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, DType> s_types = new(StringComparer.Ordinal)
    {
        ["F32"] = DType.Float32, ["BF16"] = DType.BFloat16, ["F16"] = DType.Float16, ["F64"] = DType.Float64,
        ["I64"] = DType.Int64, ["I32"] = DType.Int32, ["I16"] = DType.Int16, ["I8"] = DType.Int8,
        ["U64"] = DType.UInt64, ["U32"] = DType.UInt32, ["U16"] = DType.UInt16, ["U8"] = DType.UInt8, ["BOOL"] = DType.Bool,
        ["F8_E4M3"] = DType.Float8E4M3, ["F8_E5M2"] = DType.Float8E5M2, ["F8_E8M0"] = DType.Float8E8M0,
        ["F8_E4M3FNUZ"] = DType.Float8E4M3Fnuz, ["F8_E5M2FNUZ"] = DType.Float8E5M2Fnuz,
        ["F6_E2M3"] = DType.Float6E2M3, ["F6_E3M2"] = DType.Float6E3M2, ["F4"] = DType.Float4E2M1, ["C64"] = DType.Complex64,
    };

    private static readonly Dictionary<DType, string> s_names = s_types.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>The file's name of <paramref name="type"/>.</summary>
    public static string Name(DType type) => s_names[type];

    /// <summary>The type of that name; null if there is none.</summary>
    public static DType? Parse(string name) => s_types.TryGetValue(name, out DType type) ? type : null;
}
