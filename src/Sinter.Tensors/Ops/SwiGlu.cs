using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_swiGluBackward = SwiGluBackward;

    /// <summary>
    /// silu(gate) · up, element by element (Shazeer, "GLU Variants Improve Transformer", 2020, equation 6). Any shape, the same for both.
    /// </summary>
    /// <param name="gate">What silu(z) = z·σ(z) is taken of.</param>
    /// <param name="up">The other factor.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor SwiGlu(Tensor gate, Tensor up)
    {
        const string op = "swiglu";
        CheckSame(op, gate, up);
        var cpu = CpuDevice.Of(gate, op);
        var y = cpu.Empty(gate.Shape);
        Elementwise.Run(cpu, default(SwiGluValue), y.F32(op), y.Count, gate.F32(op), up.F32(op));
        cpu.Tape.Record(s_swiGluBackward, y, gate, up);
        return y;
    }

    private static void SwiGluBackward(TapeEntry entry)
    {
        const string op = "swiglu_backward";
        Tensor gate = entry[0], up = entry[1], dy = entry.OutputGrad;
        bool addGate = false, addUp = false;
        float* dgate = entry.Wants(0) ? entry.GradTarget(0, out addGate).F32(op) : null;
        float* dup = entry.Wants(1) ? entry.GradTarget(1, out addUp).F32(op) : null;
        var blocks = RowBlocks.ForRows(gate.Count, 1);
        CpuDevice.Of(gate, op).Workers.Run(blocks.Count,
            new SwiGluGradient(blocks, gate.F32(op), up.F32(op), dy.F32(op), dgate, addGate, dup, addUp));
    }

    internal static void CheckSame(string op, Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape) throw new ArgumentException($"[{op}] the shapes {a.Shape} and {b.Shape} differ.");
    }

    private readonly struct SwiGluValue : IElementwise
    {
        public static int Inputs => 2;

        public Vec Invoke(Vec gate, Vec up, Vec unused) => VectorMath.Silu(gate) * up;
    }

    /// <summary>Both gradients in one pass: dgate = dy·up·σ(1 + gate·(1 − σ)), dup = dy·gate·σ.</summary>
    private readonly struct SwiGluGradient(RowBlocks blocks, float* gate, float* up, float* dy, float* dgate, bool addGate, float* dup, bool addUp)
        : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long i = blocks.Start(tile), end = blocks.End(tile);
            for (; i + Vec.Count <= end; i += Vec.Count) Step(default(AllLanes), i);
            if (i < end) Step(new FirstLanes(end - i), i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long i) where T : struct, ILanes
        {
            Vec g = lanes.Load(gate + i), d = lanes.Load(dy + i), s = VectorMath.Sigmoid(g);
            if (dgate != null)
            {
                var value = d * lanes.Load(up + i) * (s * Vector512.FusedMultiplyAdd(g, Vector512.Create(1f) - s, Vector512.Create(1f)));
                lanes.Store(addGate ? value + lanes.Load(dgate + i) : value, dgate + i);
            }
            if (dup != null)
            {
                var value = d * g * s;
                lanes.Store(addUp ? value + lanes.Load(dup + i) : value, dup + i);
            }
        }
    }

    public static partial class Compose
    {
        /// <summary><see cref="Op.SwiGlu"/> of plain operations.</summary>
        public static Tensor SwiGlu(Tensor gate, Tensor up)
        {
            CheckSame("swiglu", gate, up);
            return Multiply(Silu(gate), up);
        }
    }
}
