using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels;

/// <summary>a + b.</summary>
internal readonly struct SumFunction : IElementwise
{
    public static int Inputs => 2;

    public Vec Invoke(Vec a, Vec b, Vec c) => a + b;
}

/// <summary>a · b.</summary>
internal readonly struct ProductFunction : IElementwise
{
    public static int Inputs => 2;

    public Vec Invoke(Vec a, Vec b, Vec c) => a * b;
}

/// <summary>factor · a.</summary>
internal readonly struct ScaleFunction(float factor) : IElementwise
{
    public static int Inputs => 1;

    public Vec Invoke(Vec a, Vec b, Vec c) => a * factor;
}

/// <summary>The same number everywhere.</summary>
internal readonly struct ConstantFunction(float value) : IElementwise
{
    public static int Inputs => 0;

    public Vec Invoke(Vec a, Vec b, Vec c) => Vector512.Create(value);
}
