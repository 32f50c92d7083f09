namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>The mean of each row: x [..., C] to [..., 1].</summary>
    /// <exception cref="ArgumentException">x is a scalar.</exception>
    public static Tensor MeanLast(Tensor x) => Scale(SumLast(x), 1f / x.Shape[-1]);
}
