using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_softCapBackward = SoftCapBackward;

    /// <summary>cap · tanh(x ÷ cap), which stays within ±cap (Bello et al., "Neural combinatorial optimization", 2016, section 4; Gemma 2). Any shape.</summary>
    /// <param name="x">The input.</param>
    /// <param name="cap">The limit, above 0.</param>
    /// <exception cref="ArgumentException">The limit is not a positive number.</exception>
    public static Tensor SoftCap(Tensor x, float cap)
    {
        const string op = "soft_cap";
        if (!(cap > 0 && float.IsFinite(cap))) throw new ArgumentException($"[{op}] the cap {cap} is not a positive number.");
        var cpu = CpuDevice.Of(x, op);
        var y = cpu.Empty(x.Shape);
        Elementwise.Run(cpu, new SoftCapFunction(cap), y.F32(op), y.Count, x.F32(op));
        cpu.Tape.Record(s_softCapBackward, y, x)?.Set(cap);
        return y;
    }

    private static void SoftCapBackward(TapeEntry entry)
    {
        const string op = "soft_cap_backward";
        var dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, op), new SoftCapGradient(entry.Get<float>()), dx.F32(op), dx.Count, entry[0].F32(op), entry.OutputGrad.F32(op),
            accumulate: accumulate);
    }

    private readonly struct SoftCapFunction(float cap) : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec x, Vec b, Vec c) => VectorMath.Tanh(x * (1 / cap)) * cap;
    }

    private readonly struct SoftCapGradient(float cap) : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec x, Vec dy, Vec unused)
        {
            var t = VectorMath.Tanh(x * (1 / cap));
            return (Vec.One - t * t) * dy;
        }
    }

    public static partial class Compose
    {
        /// <summary><see cref="Op.SoftCap"/> of plain operations.</summary>
        public static Tensor SoftCap(Tensor x, float cap) => Scale(Tanh(Scale(x, 1 / cap)), cap);
    }
}
