using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_sumLastBackward = SumLastBackward;

    /// <summary>The sum of each row: x [..., C] to [..., 1].</summary>
    /// <exception cref="ArgumentException">x is a scalar.</exception>
    public static Tensor SumLast(Tensor x)
    {
        if (x.Shape.Rank == 0) throw new ArgumentException("[sum_last] x needs a dimension and is a scalar.");
        var cpu = CpuDevice.Of(x, "sum_last");
        var y = cpu.Empty(x.Shape.WithLast(1));
        Broadcasting.RowSums(cpu, x, y, accumulate: false);
        cpu.Tape.Record(s_sumLastBackward, y, x);
        return y;
    }

    private static void SumLastBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Broadcasting.Run(CpuDevice.Of(dx, "sum_last"), default(SecondFunction), Broadcast.Column, dx, dx, entry.OutputGrad, accumulate);
    }

    private readonly struct SecondFunction : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec a, Vec b, Vec c) => b;
    }
}
