using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The tiles of C for one packed block of B: each packs its rows of A and runs the micro-kernel over its panels.</summary>
internal readonly unsafe struct MatrixTiles(MicroKernel kernel, MatrixPlan plan, MatrixOperand a, long m, byte* packedB, float* c, long stride, long k0, int kc, int nc,
    bool accumulate, MatrixEpilogue epilogue, byte* scratch, long perWorker) : ITileBody
{
    private int RowBlocks => (int)((m + plan.MBlock - 1) / plan.MBlock);

    public int Count => RowBlocks * ((nc + plan.Chunk - 1) / plan.Chunk);

    public void Run(int tile, int worker)
    {
        int steps = (kc + kernel.StepLength - 1) / kernel.StepLength;
        var mine = new WorkerScratch(scratch, perWorker, worker, kernel, plan.KBlock / kernel.StepLength);
        long row = (long)(tile % RowBlocks) * plan.MBlock;
        int rows = (int)Math.Min(plan.MBlock, m - row);
        int column = tile / RowBlocks * plan.Chunk, end = Math.Min(column + plan.Chunk, nc);
        var arguments = new KernelArguments { Steps = steps, BStride = kernel.Columns * 4, Accumulate = accumulate ? 1 : 0 };
        if (IsDirect(rows))
        {
            arguments.A = a.At(row, k0);
            (arguments.RowStride, arguments.StepStride) = (a.Stride * sizeof(float), sizeof(float));
        }
        else
        {
            PackA(row, rows, steps, mine.A, ref arguments);
            arguments.A = mine.A;
        }
        for (; column < end; column += kernel.Columns)
            Panel(row, rows, column, Math.Min(kernel.Columns, end - column), steps, mine, arguments);
    }

    /// <summary>
    /// Whether A can be read where it lies: float32 rows with k contiguous, whole tiles of them, and not so far apart that a tile's rows share too few sets of
    /// the first-level cache (4,096 bytes of 64-byte lines repeat).
    /// </summary>
    private bool IsDirect(int rows) => !kernel.IsBFloat16 && !a.Transposed && rows % kernel.Rows == 0 && a.Stride * sizeof(float) % 2048 != 0;

    private void Panel(long row, int rows, int column, int columns, int steps, WorkerScratch mine, KernelArguments arguments)
    {
        byte* firstA = (byte*)arguments.A;
        for (int r = 0; r < rows; r += kernel.Rows)
        {
            arguments.A = firstA + r * arguments.RowStride;
            arguments.B = packedB + (long)column * steps * 4;
            float* tile = c + (row + r) * stride + column;
            int height = Math.Min(kernel.Rows, rows - r);
            if (height == kernel.Rows && columns == kernel.Columns)
            {
                arguments.C = tile;
                arguments.CStride = stride * sizeof(float);
                kernel.Invoke(&arguments);
            }
            else Edge(tile, height, columns, mine.Edge, arguments);
        }
        if (!epilogue.IsEmpty) epilogue.Apply(c, stride, row * stride + column, column, rows, columns);
    }

    private void Edge(float* tile, int height, int columns, float* edge, KernelArguments arguments)
    {
        if (accumulate)
            for (int y = 0; y < height; y++) new Span<float>(tile + y * stride, columns).CopyTo(new Span<float>(edge + y * kernel.Columns, columns));
        arguments.C = edge;
        arguments.CStride = kernel.Columns * sizeof(float);
        kernel.Invoke(&arguments);
        for (int y = 0; y < height; y++) new Span<float>(edge + y * kernel.Columns, columns).CopyTo(new Span<float>(tile + y * stride, columns));
    }

    /// <summary>Rows of steps where k is contiguous, steps of rows where it is not: no transposition either way, the micro-kernel takes both strides.</summary>
    private void PackA(long row, int rows, int steps, uint* packed, ref KernelArguments arguments)
    {
        int padded = (rows + kernel.Rows - 1) / kernel.Rows * kernel.Rows;
        if (a.Transposed)
        {
            (arguments.RowStride, arguments.StepStride) = (4, padded * 4);
            Packing.Block(a.At(row, k0), a.Stride, kc, rows, padded, packed, kernel.IsBFloat16);
            return;
        }
        int stride = WorkerScratch.RowStride(steps);
        (arguments.RowStride, arguments.StepStride) = (stride * 4, 4);
        for (int r = 0; r < rows; r++) Packing.Row(a.At(row + r, k0), kc, packed + (long)r * stride, kernel.IsBFloat16);
        for (int r = rows; r < padded; r++) new Span<uint>(packed + (long)r * stride, steps).Clear();
    }
}
