using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Packs a block of B into panels as wide as the kernel's tile: panel after panel, in each the steps, in each the columns.</summary>
internal readonly unsafe struct PackB(MicroKernel kernel, MatrixOperand b, long k0, int kc, long n0, int nc, byte* packed, byte* scratch, long perWorker) : ITileBody
{
    public void Run(int tile, int worker)
    {
        int columns = kernel.Columns, steps = (kc + kernel.StepLength - 1) / kernel.StepLength;
        int width = Math.Min(columns, nc - tile * columns);
        uint* panel = (uint*)packed + (long)tile * columns * steps;
        long first = n0 + (long)tile * columns;
        if (b.Transposed) FromColumns(panel, first, width, steps, worker);
        else Packing.Block(b.At(k0, first), b.Stride, kc, width, columns, panel, kernel.IsBFloat16);
    }

    private void FromColumns(uint* panel, long first, int width, int steps, int worker)
    {
        int columns = kernel.Columns;
        if (width < columns) new Span<uint>(panel, columns * steps).Clear();
        if (!kernel.IsBFloat16)
        {
            Packing.Transpose((uint*)b.At(k0, first), b.Stride, width, steps, panel, columns);
            return;
        }
        uint* rows = new WorkerScratch(scratch, perWorker, worker, kernel, steps).Rows;
        int stride = WorkerScratch.RowStride(steps);
        for (int j = 0; j < width; j++) Packing.Row(b.At(k0, first + j), kc, rows + (long)j * stride, bfloat16: true);
        Packing.Transpose(rows, stride, width, steps, panel, columns);
    }
}
