using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_sumBackward = SumBackward;

    /// <summary>The sum of all elements, [1]: of blocks in float32, of their sums in double.</summary>
    public static Tensor Sum(Tensor x)
    {
        const string op = "sum";
        var cpu = CpuDevice.Of(x, op);
        var blocks = RowBlocks.ForRows(x.Count, 1);
        Tensor y = cpu.Empty(new Shape(1)), partials = cpu.Empty(new Shape(blocks.Count));
        cpu.Workers.Run(blocks.Count, new SumBlocks(blocks, x.F32(op), partials.F32(op)));
        double sum = 0;
        for (int i = 0; i < blocks.Count; i++) sum += partials.F32(op)[i];
        y.F32(op)[0] = (float)sum;
        cpu.Release(partials.Live());
        cpu.Tape.Record(s_sumBackward, y, x);
        return y;
    }

    private static void SumBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, "sum"), new ConstantFunction(entry.OutputGrad.F32()[0]), dx.F32(), dx.Count, accumulate: accumulate);
    }

    private readonly struct SumBlocks(RowBlocks blocks, float* x, float* partials) : ITileBody
    {
        public void Run(int tile, int worker) => partials[tile] = RowMath.Sum(x + blocks.Start(tile), blocks.End(tile) - blocks.Start(tile));
    }
}
