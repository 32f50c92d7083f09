namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>The mean of all elements, [1].</summary>
    public static Tensor Mean(Tensor x) => Scale(Sum(x), 1f / x.Count);
}
