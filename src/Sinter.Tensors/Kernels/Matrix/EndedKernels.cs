using System.Runtime.InteropServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Micro-kernels for full panels that round their tile themselves, each assembled when it is first needed: of the heights that there are a model has a few.</summary>
internal static unsafe class EndedKernels
{
    private const int Heights = 13;
    private const nint Refused = -1;
    private static readonly nint* s_codes = (nint*)NativeMemory.AllocZeroed(Heights * 4, (nuint)sizeof(nint));
    private static readonly Lock s_lock = new();

    /// <summary>The codes of an ending by the height of the tile, for <see cref="Code"/>; null where there are none for the kernel.</summary>
    public static nint* Of(in MicroKernel kernel, Ending ending) => kernel.Set == InstructionSet.Avx512BFloat16 ? s_codes + (int)ending * Heights : null;

    /// <summary>The code for a tile of <paramref name="rows"/> rows, to be called with <see cref="KernelArguments"/>; null where the system refuses it.</summary>
    public static delegate* unmanaged[SuppressGCTransition]<KernelArguments*, void> Code(nint* codes, int rows)
    {
        if (codes == null) return null;
        nint code = Volatile.Read(ref codes[rows]);
        if (code == 0) code = Assemble(codes, rows);
        return code == Refused ? null : (delegate* unmanaged[SuppressGCTransition]<KernelArguments*, void>)code;
    }

    private static nint Assemble(nint* codes, int rows)
    {
        lock (s_lock)
        {
            if (codes[rows] != 0) return codes[rows];
            nint* published = ExecutableMemory.Publish([KernelAssembler.Avx512(rows, 2, bfloat16: true, OperatingSystem.IsWindows(), (Ending)((codes - s_codes) / Heights))]);
            nint code = published == null ? Refused : *published;
            Volatile.Write(ref codes[rows], code);
            return code;
        }
    }
}
