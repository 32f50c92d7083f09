using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_scaleBackward = ScaleBackward;

    /// <summary>x · factor. Any shape.</summary>
    public static Tensor Scale(Tensor x, float factor)
    {
        var cpu = CpuDevice.Of(x, "scale");
        var y = cpu.Empty(x.Shape);
        Elementwise.Run(cpu, new ScaleFunction(factor), y.F32(), y.Count, x.F32());
        cpu.Tape.Record(s_scaleBackward, y, x)?.Set(factor);
        return y;
    }

    private static void ScaleBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, "scale"), new ScaleFunction(entry.Get<float>()), dx.F32(), dx.Count, entry.OutputGrad.F32(),
            accumulate: accumulate);
    }
}
