using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_matMulBackward = MatMulBackward;

    private readonly record struct MatMulArguments(long Batch, long M, long N, long K, bool TransposeA, bool TransposeB);

    /// <summary>
    /// The matrix product of each pair of matrices. Shapes: a [..., M, K], b [..., K, N], the result [..., M, N], with the same leading extents.
    /// </summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="transposeA">Whether a's matrices are given as [K, M].</param>
    /// <param name="transposeB">Whether b's matrices are given as [N, K].</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        const string op = "matmul";
        var p = CheckMatMul(op, a, b, transposeA, transposeB);
        var cpu = CpuDevice.Of(a, op);
        var y = cpu.Empty(Matrices(a.Shape, p.M, p.N));
        MatrixOperand ma = new(a.F32(op), a.Shape[-1], transposeA), mb = new(b.F32(op), b.Shape[-1], transposeB);
        EachProduct(cpu, p.Batch, p.M, p.N, p.K, ma, p.M * p.K, mb, p.K * p.N, y.F32(op), accumulate: false);
        cpu.Tape.Record(s_matMulBackward, y, a, b)?.Set(p);
        return y;
    }

    private static void MatMulBackward(TapeEntry entry)
    {
        const string op = "matmul_backward";
        var (batch, m, n, k, transposeA, transposeB) = entry.Get<MatMulArguments>();
        Tensor a = entry[0], b = entry[1], dy = entry.OutputGrad;
        var cpu = CpuDevice.Of(a, op);
        MatrixOperand ma = new(a.F32(op), a.Shape[-1], transposeA), mb = new(b.F32(op), b.Shape[-1], transposeB), my = new(dy.F32(op), n);
        if (entry.Wants(0))
        {
            float* da = entry.GradTarget(0, out bool add).F32(op);
            if (transposeA) EachProduct(cpu, batch, k, m, n, mb, k * n, Turned(my), m * n, da, add);
            else EachProduct(cpu, batch, m, k, n, my, m * n, Turned(mb), k * n, da, add);
        }
        if (entry.Wants(1))
        {
            float* db = entry.GradTarget(1, out bool add).F32(op);
            if (transposeB) EachProduct(cpu, batch, n, k, m, Turned(my), m * n, ma, m * k, db, add);
            else EachProduct(cpu, batch, k, n, m, Turned(ma), m * k, my, m * n, db, add);
        }
    }

    private static MatrixOperand Turned(MatrixOperand x) => x with { Transposed = !x.Transposed };

    private static void EachProduct(CpuDevice cpu, long batch, long m, long n, long k, MatrixOperand a, long stepA, MatrixOperand b, long stepB,
        float* y, bool accumulate)
    {
        for (long i = 0; i < batch; i++)
            cpu.Matrix.Multiply(m, n, k, a with { Data = a.Data + (nint)(i * stepA * sizeof(float)) },
                b with { Data = b.Data + (nint)(i * stepB * sizeof(float)) }, y + i * m * n, n, accumulate);
    }

    private static MatMulArguments CheckMatMul(string op, Tensor a, Tensor b, bool transposeA, bool transposeB)
    {
        Shape x = a.Shape, y = b.Shape;
        if (x.Rank < 2 || y.Rank != x.Rank) throw new ArgumentException($"[{op}] {x} and {y} are not matrices with the same leading extents.");
        long batch = 1;
        for (int i = 0; i < x.Rank - 2; i++)
        {
            if (x[i] != y[i]) throw new ArgumentException($"[{op}] the leading extents of {x} and {y} differ.");
            batch *= x[i];
        }
        var (m, k) = transposeA ? (x[-1], x[-2]) : (x[-2], x[-1]);
        var (inner, n) = transposeB ? (y[-1], y[-2]) : (y[-2], y[-1]);
        if (k != inner)
            throw new ArgumentException($"[{op}] {x}{(transposeA ? "ᵀ" : "")} has {k} columns and {y}{(transposeB ? "ᵀ" : "")} has {inner} rows.");
        return new MatMulArguments(batch, m, n, k, transposeA, transposeB);
    }

    private static Shape Matrices(Shape like, long m, long n) => like.Rank switch
    {
        2 => new Shape(m, n),
        3 => new Shape(like[0], m, n),
        _ => new Shape(like[0], like[1], m, n),
    };
}
