using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_multiplyBackward = MultiplyBackward;

    /// <summary>
    /// a · b, element by element. Shapes: b is of a's shape, or one row [C] for each row of a [..., C], or one number for each row [..., 1].
    /// </summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        const string op = "multiply";
        var cpu = CpuDevice.Of(a, op);
        var how = Broadcasting.Of(op, a, b);
        var y = cpu.Empty(a.Shape);
        Broadcasting.Run(cpu, default(ProductFunction), how, y, a, b);
        cpu.Tape.Record(s_multiplyBackward, y, a, b)?.Set(how);
        return y;
    }

    private static void MultiplyBackward(TapeEntry entry)
    {
        Tensor a = entry[0], b = entry[1], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(a, "multiply");
        var how = entry.Get<Broadcast>();
        if (entry.Wants(0)) Broadcasting.Run(cpu, default(ProductFunction), how, entry.GradTarget(0, out bool add), dy, b, add);
        if (!entry.Wants(1)) return;
        var db = entry.GradTarget(1, out bool accumulate);
        if (how == Broadcast.None)
        {
            Broadcasting.Run(cpu, default(ProductFunction), how, db, dy, a, accumulate);
            return;
        }
        var product = cpu.Empty(a.Shape);
        Broadcasting.Run(cpu, default(ProductFunction), Broadcast.None, product, dy, a);
        Broadcasting.Reduce(cpu, how, db, product, accumulate);
        cpu.Release(product.Live());
    }
}
