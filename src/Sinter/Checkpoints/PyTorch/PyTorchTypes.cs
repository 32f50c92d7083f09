using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Element types by the names that PyTorch gives them.</summary>
internal static class PyTorchTypes
{
    private static readonly (string Name, string? Storage, DType Type)[] s_all =
    [
        ("float32", "FloatStorage", DType.Float32), ("float64", "DoubleStorage", DType.Float64), ("float16", "HalfStorage", DType.Float16),
        ("bfloat16", "BFloat16Storage", DType.BFloat16), ("int64", "LongStorage", DType.Int64), ("int32", "IntStorage", DType.Int32),
        ("int16", "ShortStorage", DType.Int16), ("int8", "CharStorage", DType.Int8), ("uint8", "ByteStorage", DType.UInt8),
        ("bool", "BoolStorage", DType.Bool), ("complex64", "ComplexFloatStorage", DType.Complex64),
        ("uint16", null, DType.UInt16), ("uint32", null, DType.UInt32), ("uint64", null, DType.UInt64),
        ("float8_e4m3fn", null, DType.Float8E4M3), ("float8_e5m2", null, DType.Float8E5M2), ("float8_e8m0fnu", null, DType.Float8E8M0),
        ("float8_e4m3fnuz", null, DType.Float8E4M3Fnuz), ("float8_e5m2fnuz", null, DType.Float8E5M2Fnuz),
    ];

    /// <summary>The type that <c>torch.NAME</c> is; null if there is none here.</summary>
    public static DType? OfName(string name) => Array.Find(s_all, t => t.Name == name) is { Name: not null } found ? found.Type : null;

    /// <summary>The element type of the class <c>torch.NAME</c> of storages; null if there is none here.</summary>
    public static DType? OfStorage(string name) => Array.Find(s_all, t => t.Storage == name) is { Name: not null } found ? found.Type : null;

    /// <summary>The name of the class of storages of <paramref name="type"/>; null where PyTorch has only untyped ones.</summary>
    public static string? Storage(DType type) => Array.Find(s_all, t => t.Type == type).Storage;

    /// <summary>The name <c>torch.NAME</c> of <paramref name="type"/>; null if PyTorch has none.</summary>
    public static string? Name(DType type) => Array.Find(s_all, t => t.Type == type).Name;
}
