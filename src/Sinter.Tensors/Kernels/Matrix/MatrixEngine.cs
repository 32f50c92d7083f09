using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// C = A · B and C += A · B over float32 storage. The blocked algorithm of Goto and van de Geijn (2008): factors are packed as the micro-kernel reads them, the
/// smaller one once for all, the larger one piece by piece, and a micro-kernel keeps a small tile of C in registers. Weights that stand still are packed once for
/// many products (<see cref="HeldWeights"/>). Few rows (generation) read B once: in float32 as it lies (<see cref="FewRows"/>), in bfloat16 the held panels
/// (<see cref="HeldColumns"/>); without those they are packed like any others, which gives the same bits.
/// </summary>
internal sealed unsafe class MatrixEngine(CpuDevice cpu) : IDisposable
{
    private readonly Scratch _shared = new();
    private readonly Scratch _workers = new();
    private readonly Scratch _sums = new();
    private readonly long[] _packed = GC.AllocateArray<long>(cpu.Workers.Count * SharedFactor.WordsPerWorker, pinned: true);
    private long _passes;

    /// <summary>Panels of weights that stand still.</summary>
    public HeldWeights Held { get; } = new(cpu);

    /// <summary>Bytes of working memory held.</summary>
    public long WorkspaceBytes => _shared.Bytes + _workers.Bytes + _sums.Bytes + Held.Bytes;

    /// <summary>Multiplies.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A and rows of B.</param>
    /// <param name="a">A, [m, k].</param>
    /// <param name="b">B, [k, n].</param>
    /// <param name="c">C, [m, n], rows <paramref name="stride"/> apart; null where the epilogue rounds it to somewhere else.</param>
    /// <param name="stride">Elements between rows of C.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    /// <param name="epilogue">What to do to finished tiles.</param>
    public void Multiply(long m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue = default)
    {
        if (m == 0 || n == 0) return;
        if ((a.IsBFloat16 || b.IsBFloat16 || epilogue.Rounded != null) && cpu.Precision != Precision.BFloat16)
            throw new InvalidOperationException("[matmul] a factor or result of bfloat16 needs products in bfloat16; the device multiplies in float32 now.");
        long began = cpu.Profile is null ? 0 : Stopwatch.GetTimestamp();
        if (k == 0) FillWithoutProduct(m, n, c, stride, accumulate, epilogue);
        else if (m <= FewRows.Most && !a.Transposed && cpu.Precision != Precision.BFloat16) FewRows.Multiply(cpu, m, n, k, a, b, c, stride, accumulate, epilogue);
        else
        {
            var kernel = MicroKernels.For(cpu.Precision);
            var pass = new MatrixPass { Kernel = kernel, A = a, B = b, Held = Held.Find(kernel, b, n, k), C = c, Stride = stride };
            // Sums over several blocks of k wait in float32 for the last block.
            if (epilogue.Rounded != null && k > MatrixPlan.KBlockOf(kernel, k)) pass.C = (float*)_sums.Get(m * stride * sizeof(float));
            if (m <= kernel.Rows && !a.Transposed && !pass.Held.IsNone) FewHeld(pass, m, n, k, accumulate, epilogue.With(kernel));
            else Blocked(pass, m, n, k, accumulate, epilogue.With(kernel));
        }
        cpu.Profile?.AddProduct(m, n, k, a.Transposed, b.Transposed, began);
    }

    public void Dispose()
    {
        Held.Dispose();
        _shared.Dispose();
        _workers.Dispose();
        _sums.Dispose();
    }

    private void Blocked(MatrixPass pass, long m, long n, long k, bool accumulate, in MatrixEpilogue epilogue)
    {
        var plan = new MatrixPlan(pass.Kernel, m, n, k, pass.A.Transposed);
        if (plan.FirstPart > 0 && epilogue.IsEmpty && pass.Held.IsNone)
        {
            (pass.Rows, pass.Columns, pass.Depth, pass.Accumulate) = ((int)m, (int)n, plan.FirstPart, accumulate);
            InParts(pass, plan, (int)k - plan.FirstPart);
            return;
        }
        long shared = plan.SharesA ? m : n;
        for (long first = 0; first < shared; first += plan.SharedBlock)
        {
            int extent = (int)Math.Min(plan.SharedBlock, shared - first);
            if (plan.SharesA) (pass.FirstRow, pass.Rows, pass.Columns) = (first, extent, checked((int)n));
            else (pass.FirstColumn, pass.Columns, pass.Rows) = (first, extent, checked((int)m));
            for (long k0 = 0; k0 < k; k0 += plan.KBlock)
            {
                (pass.FirstK, pass.Depth) = (k0, (int)Math.Min(plan.KBlock, k - k0));
                pass.NextDepth = (int)Math.Min(plan.KBlock, k - k0 - pass.Depth);
                pass.Accumulate = accumulate || k0 > 0;
                pass.Epilogue = k0 + plan.KBlock >= k ? epilogue : default;
                if (plan.SharesA) ShareA(pass, plan);
                else ShareB(pass, plan);
            }
        }
    }

    private void FewHeld(MatrixPass pass, long m, long n, long k, bool accumulate, in MatrixEpilogue epilogue)
    {
        (pass.Rows, pass.Columns, pass.Accumulate, pass.Epilogue) = ((int)m, checked((int)n), accumulate, epilogue);
        HeldColumns.Multiply(cpu, pass, k, _shared.Get(HeldColumns.RowBytes(pass.Kernel, pass.Rows, k)), Workers(pass, 0));
    }

    private void ShareA(in MatrixPass pass, in MatrixPlan plan)
    {
        var rows = pass.IsDirect ? default : Share(pass, isA: true, MatrixPass.RowBytes(pass.Kernel, pass.Rows, pass.Steps));
        var tiles = new ColumnTiles(pass, plan.Tiles, cpu.Workers.Count, rows, Workers(pass, MatrixPass.ColumnBytes(pass.Kernel, plan.Tiles.Largest * pass.Kernel.Columns, pass.Steps)));
        cpu.Workers.Run(plan.Tiles.Count, tiles);
    }

    private void ShareB(in MatrixPass pass, in MatrixPlan plan)
    {
        var panels = !pass.Held.IsNone ? new SharedFactor(pass.HeldAt(0)) : Share(pass, isA: false, MatrixPass.ColumnBytes(pass.Kernel, pass.Columns, pass.Steps));
        var tiles = new RowTiles(pass, plan.Tiles, cpu.Workers.Count, panels, Workers(pass, MatrixPass.RowBytes(pass.Kernel, plan.Tiles.Largest, pass.Steps)));
        cpu.Workers.Run(plan.Tiles.Count, tiles);
    }

    private void InParts(in MatrixPass first, in MatrixPlan plan, int rest)
    {
        int count = plan.Tiles.Count;
        long numbers = (long)first.Rows * first.Columns;
        float* sums = (float*)_sums.Get(numbers * sizeof(float) + count * sizeof(int));
        int* ended = (int*)(sums + numbers);
        new Span<int>(ended, count).Clear();
        var second = first with { C = sums, Stride = first.Columns, Accumulate = false, FirstK = first.Depth, Depth = rest };
        var sum = new PartialSum(first, plan.Tiles, plan.SharesA, sums);
        var (kernel, steps, tiles) = (first.Kernel, first.Steps, plan.Tiles);
        if (plan.SharesA)
        {
            var scratch = Workers(first, MatrixPass.ColumnBytes(kernel, tiles.Largest * kernel.Columns, steps));
            var (one, two) = ShareHalves(first, second, isA: true, MatrixPass.RowBytes(kernel, first.Rows, steps));
            cpu.Workers.Run(2 * count, new DepthParts<ColumnTiles>(new(first, tiles, 1, one, scratch), new(second, tiles, 1, two, scratch), count, sum, ended));
        }
        else
        {
            var scratch = Workers(first, MatrixPass.RowBytes(kernel, tiles.Largest, steps));
            var (one, two) = ShareHalves(first, second, isA: false, MatrixPass.ColumnBytes(kernel, first.Columns, steps));
            cpu.Workers.Run(2 * count, new DepthParts<RowTiles>(new(first, tiles, 1, one, scratch), new(second, tiles, 1, two, scratch), count, sum, ended));
        }
    }

    private (SharedFactor First, SharedFactor Second) ShareHalves(in MatrixPass first, in MatrixPass second, bool isA, long bytes) =>
        (Share(first, isA, bytes, part: 0, parts: 2), Share(second, isA, bytes, part: 1, parts: 2));

    /// <summary>Packs a factor, or leaves it to the workers; as one of <paramref name="parts"/> of the same size, whose memory lies side by side.</summary>
    private SharedFactor Share(in MatrixPass pass, bool isA, long bytes, int part = 0, int parts = 1)
    {
        bytes = MatrixPlan.RoundUp(bytes, 64);
        bool isCopied = SharedFactor.IsCopied(bytes, cpu.Workers.Count);
        long each = isCopied ? bytes * cpu.Workers.Count : bytes;
        byte* packed = _shared.Get(each * parts) + each * part;
        if (isCopied) return new SharedFactor(packed, bytes, (long*)Unsafe.AsPointer(ref _packed[0]), ++_passes);
        var pack = new PackShared(pass, isA, packed);
        cpu.Workers.Run(pack.Count, pack);
        return new SharedFactor(packed);
    }

    private WorkerScratch Workers(in MatrixPass pass, long packedBytes)
    {
        var scratch = WorkerScratch.For(pass.Kernel, packedBytes);
        return scratch.At(_workers.Get(scratch.Bytes(cpu.Workers.Count)));
    }

    private void FillWithoutProduct(long m, long n, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue)
    {
        if (epilogue.Rounded != null)
        {
            float* row = (float*)_sums.Get(2 * n * sizeof(float));
            for (long i = 0; i < m; i++)
            {
                new Span<float>(row, (int)n).Clear();
                epilogue.ApplyRounded(row, row + n, (int)n, stride, i * stride, 0, 1, (int)n);
            }
            return;
        }
        for (long i = 0; i < m; i++)
        {
            if (!accumulate) new Span<float>(c + i * stride, (int)n).Clear();
            if (!epilogue.IsEmpty) epilogue.Apply(c, stride, i * stride, 0, 1, (int)n);
        }
    }
}
