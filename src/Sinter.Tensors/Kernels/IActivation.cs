namespace Sinter.Tensors.Kernels;

/// <summary>An activation and its derivative, as accurate as the type of the result can show.</summary>
internal interface IActivation
{
    static abstract Vec Value(Vec x);

    static abstract Vec Slope(Vec x, out Vec value);
}
