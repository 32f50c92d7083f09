namespace Sinter.Tensors;

/// <summary>The element type of a tensor's storage.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32, the type of computation.</summary>
    Float32,
    /// <summary>The upper half of a binary32: 8 exponent bits, 7 fraction bits.</summary>
    BFloat16,
    /// <summary>IEEE 754 binary16.</summary>
    Float16,
    /// <summary>IEEE 754 binary64; storage of files only.</summary>
    Float64,
    /// <summary>32-bit signed integer, the type of token ids.</summary>
    Int32,
    /// <summary>64-bit signed integer.</summary>
    Int64,
    /// <summary>16-bit signed integer; storage of files only.</summary>
    Int16,
    /// <summary>8-bit signed integer; storage of files only.</summary>
    Int8,
    /// <summary>8-bit unsigned integer.</summary>
    UInt8,
    /// <summary>One byte, 0 or 1; storage of files only.</summary>
    Bool,
}

/// <summary>Facts about a <see cref="DType"/>.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.Float64 or DType.Int64 => 8,
        DType.Float32 or DType.Int32 => 4,
        DType.BFloat16 or DType.Float16 or DType.Int16 => 2,
        _ => 1,
    };
}
