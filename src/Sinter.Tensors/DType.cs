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
    /// <summary>16-bit unsigned integer; storage of files only.</summary>
    UInt16,
    /// <summary>32-bit unsigned integer; storage of files only.</summary>
    UInt32,
    /// <summary>64-bit unsigned integer; storage of files only.</summary>
    UInt64,
    /// <summary>8 bits, 4 of exponent and 3 of fraction, without infinities; storage of files only.</summary>
    /// <remarks>Micikevicius et al., FP8 Formats for Deep Learning, https://arxiv.org/abs/2209.05433, table 1.</remarks>
    Float8E4M3,
    /// <summary>8 bits, 5 of exponent and 2 of fraction; storage of files only.</summary>
    Float8E5M2,
    /// <summary><see cref="Float8E4M3"/> with a bias of 8, one zero and one NaN; storage of files only.</summary>
    /// <remarks>Noune et al., 8-bit Numerical Formats for Deep Neural Networks, https://arxiv.org/abs/2206.02915.</remarks>
    Float8E4M3Fnuz,
    /// <summary><see cref="Float8E5M2"/> with a bias of 16, one zero and one NaN; storage of files only.</summary>
    Float8E5M2Fnuz,
    /// <summary>8 bits of exponent, a power of two; storage of files only (OCP Microscaling Formats 1.0, section 5.4).</summary>
    Float8E8M0,
    /// <summary>6 bits, 2 of exponent; storage of files only.</summary>
    Float6E2M3,
    /// <summary>6 bits, 3 of exponent; storage of files only.</summary>
    Float6E3M2,
    /// <summary>4 bits, 2 of exponent; storage of files only.</summary>
    Float4E2M1,
    /// <summary>Two binary32, real and imaginary part; storage of files only.</summary>
    Complex64,
}

/// <summary>Facts about a <see cref="DType"/>.</summary>
public static class DTypes
{
    /// <summary>Bits of one element.</summary>
    public static int Bits(this DType type) => type switch
    {
        DType.Float64 or DType.Int64 or DType.UInt64 or DType.Complex64 => 64,
        DType.Float32 or DType.Int32 or DType.UInt32 => 32,
        DType.BFloat16 or DType.Float16 or DType.Int16 or DType.UInt16 => 16,
        DType.Float6E2M3 or DType.Float6E3M2 => 6,
        DType.Float4E2M1 => 4,
        _ => 8,
    };

    /// <summary>Bytes of one element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An element is no whole number of bytes.</exception>
    public static int Size(this DType type) => type.Bits() is var bits && bits % 8 == 0
        ? bits / 8
        : throw new ArgumentOutOfRangeException(nameof(type), type, "Elements of this type share bytes.");
}
