using System.Diagnostics;
using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// C = A · B and C += A · B over float32 storage. The blocked algorithm of Goto and van de Geijn (2008): B is packed once for all rows, each tile packs its rows of
/// A, and a micro-kernel keeps a small tile of C in registers. Few rows (generation) go through <see cref="FewRows"/>, which reads B once, as it lies.
/// </summary>
internal sealed unsafe class MatrixEngine(CpuDevice cpu) : IDisposable
{
    private readonly Scratch _packedB = new();
    private readonly Scratch _workers = new();

    /// <summary>Bytes of working memory held.</summary>
    public long WorkspaceBytes => _packedB.Bytes + _workers.Bytes;

    /// <summary>Multiplies.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A and rows of B.</param>
    /// <param name="a">A, [m, k].</param>
    /// <param name="b">B, [k, n].</param>
    /// <param name="c">C, [m, n], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">Elements between rows of C.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    /// <param name="epilogue">What to do to finished tiles.</param>
    public void Multiply(long m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue = default)
    {
        if (m == 0 || n == 0) return;
        long began = cpu.Profile is null ? 0 : Stopwatch.GetTimestamp();
        var kernel = MicroKernels.For(cpu.Precision);
        if (k == 0) FillWithoutProduct(m, n, c, stride, accumulate, epilogue);
        else if (m <= FewRows.Most && !a.Transposed) FewRows.Multiply(cpu, m, n, k, a, b, c, stride, accumulate, epilogue);
        else Blocked(kernel, m, n, k, a, b, c, stride, accumulate, epilogue);
        cpu.Profile?.AddProduct(m, n, k, a.Transposed, b.Transposed, began);
    }

    public void Dispose()
    {
        _packedB.Dispose();
        _workers.Dispose();
    }

    private void Blocked(MicroKernel kernel, long m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue)
    {
        var plan = new MatrixPlan(kernel, m, n, k);
        int steps = plan.KBlock / kernel.StepLength;
        byte* packedB = _packedB.Get((long)plan.NBlock * steps * 4);
        long perWorker = WorkerScratch.Bytes(kernel, plan, steps);
        byte* scratch = _workers.Get(perWorker * cpu.Workers.Count);
        for (long jc = 0; jc < n; jc += plan.NBlock)
            for (long pc = 0; pc < k; pc += plan.KBlock)
            {
                int nc = (int)Math.Min(plan.NBlock, n - jc), kc = (int)Math.Min(plan.KBlock, k - pc);
                int panels = (nc + kernel.Columns - 1) / kernel.Columns;
                cpu.Workers.Run(panels, new PackB(kernel, b, pc, kc, jc, nc, packedB, scratch, perWorker));
                bool last = pc + kc >= k;
                var tiles = new MatrixTiles(kernel, plan, a, m, packedB, c + jc, stride, pc, kc, nc, accumulate || pc > 0, last ? epilogue.At(jc) : default, scratch, perWorker);
                cpu.Workers.Run(tiles.Count, tiles);
            }
    }

    private static void FillWithoutProduct(long m, long n, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue)
    {
        for (long i = 0; i < m; i++)
        {
            if (!accumulate) new Span<float>(c + i * stride, (int)n).Clear();
            if (!epilogue.IsEmpty) epilogue.Apply(c, stride, i * stride, 0, 1, (int)n);
        }
    }
}
