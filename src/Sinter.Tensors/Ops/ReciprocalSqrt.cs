using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_reciprocalSqrtBackward = ReciprocalSqrtBackward;

    /// <summary>1 ÷ √(x + ε). Any shape.</summary>
    public static Tensor ReciprocalSqrt(Tensor x, float epsilon = 0)
    {
        var cpu = CpuDevice.Of(x, "reciprocal_sqrt");
        var y = cpu.Empty(x.Shape);
        Elementwise.Run(cpu, new ReciprocalSqrtValue(epsilon), y.F32(), y.Count, x.F32());
        cpu.Tape.Record(s_reciprocalSqrtBackward, y, x, y);
        return y;
    }

    private static void ReciprocalSqrtBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, "reciprocal_sqrt"), default(ReciprocalSqrtGradient), dx.F32(), dx.Count, entry[1].F32(),
            entry.OutputGrad.F32(), accumulate: accumulate);
    }

    private readonly struct ReciprocalSqrtValue(float epsilon) : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => Vector512.Create(1f) / Vector512.Sqrt(x + Vector512.Create(epsilon));
    }

    private readonly struct ReciprocalSqrtGradient : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec y, Vec dy, Vec c) => y * y * y * dy * -0.5f;
    }
}
