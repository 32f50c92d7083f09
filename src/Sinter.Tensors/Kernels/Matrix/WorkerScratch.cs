namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Where a worker keeps its packed rows of A, rows on their way to a transposition, and a tile of C at the edge.</summary>
internal readonly unsafe struct WorkerScratch
{
    private const int RowPadding = 16;   // steps: rows of A a power of two apart would share one set of the first-level cache

    public readonly uint* A;
    public readonly uint* Rows;
    public readonly float* Edge;

    public WorkerScratch(byte* scratch, long perWorker, int worker, MicroKernel kernel, int steps)
    {
        byte* mine = scratch + perWorker * worker;
        Edge = (float*)mine;
        Rows = (uint*)(mine + EdgeBytes(kernel));
        A = Rows + RowsSteps(kernel, steps);
    }

    /// <summary>Steps between packed rows of A.</summary>
    public static int RowStride(int steps) => steps + RowPadding;

    public static long Bytes(MicroKernel kernel, MatrixPlan plan, int steps) =>
        (EdgeBytes(kernel) + RowsSteps(kernel, steps) * 4 + (long)(plan.MBlock + kernel.Rows) * RowStride(steps) * 4 + 127) & ~63L;

    private static long EdgeBytes(MicroKernel kernel) => (kernel.Rows * kernel.Columns * 4 + 63) & ~63L;

    private static long RowsSteps(MicroKernel kernel, int steps) => (long)kernel.Columns * RowStride(steps);
}
