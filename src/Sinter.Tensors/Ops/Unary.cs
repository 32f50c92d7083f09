using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>y = f(x), where the gradient is slope(x) · dy.</summary>
    private static Tensor Unary<T>(string op, T function, BackwardFunction backward, Tensor x) where T : unmanaged, IElementwise
    {
        var cpu = CpuDevice.Of(x, op);
        var y = cpu.Empty(x.Shape);
        Elementwise.Run(cpu, function, y.F32(op), y.Count, x.F32(op));
        cpu.Tape.Record(backward, y, x);
        return y;
    }

    private static void UnaryBackward<T>(TapeEntry entry) where T : unmanaged, IElementwise
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, "unary"), default(T), dx.F32(), dx.Count, entry[0].F32(), entry.OutputGrad.F32(), accumulate: accumulate);
    }
}
