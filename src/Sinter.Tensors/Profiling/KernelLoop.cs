using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Memory;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Profiling;

/// <summary>A tile calls a micro-kernel over and over on panels of its own that stay in the first-level cache.</summary>
internal readonly unsafe struct KernelLoop(MicroKernel kernel) : ITileBody
{
    private const int Steps = 160;   // A and B take 28 kB of a 12 × 32 tile

    /// <summary>Multiplications and additions of a tile.</summary>
    public static double Operations(MicroKernel kernel) => 2.0 * kernel.Rows * kernel.Columns * kernel.StepLength * Steps * Calls(kernel);

    public void Run(int tile, int worker)
    {
        int a = kernel.Rows * Steps * 4, b = kernel.Columns * Steps * 4, c = kernel.Rows * kernel.Columns * 4;
        byte* block = (byte*)SystemMemory.Allocate(a + b + c);
        try
        {
            new Span<byte>(block, a + b + c).Clear();
            var arguments = new KernelArguments
            {
                A = block,
                B = block + a,
                C = (float*)(block + a + b),
                RowStride = Steps * 4,
                StepStride = 4,
                BStride = kernel.Columns * 4,
                CStride = kernel.Columns * 4,
                Steps = Steps,
            };
            for (int i = 0; i < Calls(kernel); i++) kernel.Invoke(&arguments);
        }
        finally
        {
            SystemMemory.Free(block);
        }
    }

    // Some milliseconds: long beside the waking of a thread.
    private static int Calls(MicroKernel kernel) => kernel.Set is InstructionSet.Portable or InstructionSet.PortableBFloat16 ? 500 : 10_000;
}
