using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_swiGluBackward = GatedBackward<SiluGate>, s_geGluBackward = GatedBackward<GeluGate>;

    /// <summary>
    /// silu(gate) · up, element by element (Shazeer, "GLU Variants Improve Transformer", 2020, equation 6). Any shape, the same for both; without
    /// <paramref name="up"/> the rows of <paramref name="gate"/>, [..., 2F], hold the gate and then the other factor, and the result is [..., F].
    /// </summary>
    /// <param name="gate">What silu(z) = z·σ(z) is taken of.</param>
    /// <param name="up">The other factor, or none.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there are no halves.</exception>
    public static Tensor SwiGlu(Tensor gate, Tensor up = default) => Gated<SiluGate>("swiglu", s_swiGluBackward, gate, up);

    /// <summary>gelu(gate) · up with the tanh approximation of GELU, as <see cref="SwiGlu"/> (Shazeer, 2020, equation 6: GEGLU).</summary>
    /// <param name="gate">What gelu(z) is taken of.</param>
    /// <param name="up">The other factor, or none.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there are no halves.</exception>
    public static Tensor GeGlu(Tensor gate, Tensor up = default) => Gated<GeluGate>("geglu", s_geGluBackward, gate, up);

    private static Tensor Gated<TGate>(string op, BackwardFunction backward, Tensor gate, Tensor up) where TGate : struct, IGate
    {
        CheckGated(op, gate, up);
        var cpu = CpuDevice.Of(gate, op);
        var operands = Operands(op, gate, up);
        var y = cpu.Empty(up.IsNone ? gate.Shape.WithLast(operands.Columns) : gate.Shape);
        var blocks = RowBlocks.ForRows(y.Count / operands.Columns, operands.Columns);
        cpu.Workers.Run(blocks.Count, new GatedProduct<TGate>(blocks, operands, y.F32(op)));
        cpu.Tape.Record(backward, y, gate, up);
        return y;
    }

    private static void GatedBackward<TGate>(TapeEntry entry) where TGate : struct, IGate
    {
        const string op = "gated_backward";
        Tensor gate = entry[0], up = entry[1], dy = entry.OutputGrad;
        var operands = Operands(op, gate, up);
        bool addGate = false, addUp = false;
        float* dgate = entry.Wants(0) ? entry.GradTarget(0, out addGate).F32(op) : null;
        float* dup = up.IsNone ? dgate + operands.Columns : entry.Wants(1) ? entry.GradTarget(1, out addUp).F32(op) : null;
        if (up.IsNone) addUp = addGate;
        var blocks = RowBlocks.ForRows(dy.Count / operands.Columns, operands.Columns);
        CpuDevice.Of(gate, op).Workers.Run(blocks.Count,
            new GatedGradient<TGate>(blocks, operands, dy.F32(op), dgate, addGate, dup, addUp));
    }

    /// <summary>Two tensors are one row each, cut anywhere; two halves lie row by row.</summary>
    private static GatedOperands Operands(string op, Tensor gate, Tensor up)
    {
        if (!up.IsNone) return new GatedOperands(gate.F32(op), up.F32(op), 1, 1);
        long columns = gate.Shape[-1] / 2;
        return new GatedOperands(gate.F32(op), gate.F32(op) + columns, columns, 2 * columns);
    }

    private static void CheckGated(string op, Tensor gate, Tensor up)
    {
        if (!up.IsNone) CheckSame(op, gate, up);
        else if (gate.Shape.Rank < 1 || gate.Shape[-1] < 2 || gate.Shape[-1] % 2 != 0)
            throw new ArgumentException($"[{op}] the rows of {gate.Shape} have no two halves.");
    }

    internal static void CheckSame(string op, Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape) throw new ArgumentException($"[{op}] the shapes {a.Shape} and {b.Shape} differ.");
    }

    public static partial class Compose
    {
        /// <summary><see cref="Op.SwiGlu"/> of plain operations, of two tensors.</summary>
        public static Tensor SwiGlu(Tensor gate, Tensor up)
        {
            CheckSame("swiglu", gate, up);
            return Multiply(Silu(gate), up);
        }

        /// <summary><see cref="Op.GeGlu"/> of plain operations, of two tensors.</summary>
        public static Tensor GeGlu(Tensor gate, Tensor up)
        {
            CheckSame("geglu", gate, up);
            return Multiply(Gelu(gate), up);
        }
    }
}
