namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>a − b, with the shapes of <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Subtract(Tensor a, Tensor b) => AddAs("subtract", a, Scale(b, -1));
}
