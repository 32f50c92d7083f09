using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_addBackward = AddBackward;

    /// <summary>a + b. Shapes: b is of a's shape, or one row [C] added to each row of a [..., C], or one number for each row [..., 1].</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor Add(Tensor a, Tensor b) => AddAs("add", a, b);

    private static Tensor AddAs(string op, Tensor a, Tensor b)
    {
        var cpu = CpuDevice.Of(a, op);
        var how = Broadcasting.Of(op, a, b);
        var y = cpu.Empty(a.Shape);
        Broadcasting.Run(cpu, default(SumFunction), how, y, a, b);
        cpu.Tape.Record(s_addBackward, y, a, b)?.Set(how);
        return y;
    }

    private static void AddBackward(TapeEntry entry)
    {
        var dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(dy, "add");
        if (entry.Wants(1)) Broadcasting.Reduce(cpu, entry.Get<Broadcast>(), entry.GradTarget(1, out bool accumulate), dy, accumulate);
        if (entry.Wants(0)) entry.Give(0);
    }
}
