namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>x with <paramref name="bias"/> added to each row. Shapes: x [..., C], bias [C].</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor AddBias(Tensor x, Tensor bias) =>
        bias.Shape.Rank == 1 && x.Shape.Rank > 0 && bias.Shape[0] == x.Shape[-1] ? AddAs("add_bias", x, bias)
        : throw new ArgumentException($"[add_bias] the bias {bias.Shape} is not one row of x {x.Shape}.");
}
