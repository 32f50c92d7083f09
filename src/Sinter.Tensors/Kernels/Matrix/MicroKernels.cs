using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The micro-kernels of this processor, assembled at first use; the portable ones where there is nothing better or code pages are refused.</summary>
internal static unsafe class MicroKernels
{
    private static readonly Lazy<MicroKernel> s_float32 = new(CreateFloat32);
    private static readonly Lazy<MicroKernel> s_bfloat16 = new(CreateBFloat16);

    /// <summary>Whether the processor multiplies bfloat16 (AVX512_BF16: leaf 7, subleaf 1, EAX bit 5).</summary>
    public static bool HasBFloat16 { get; } = HasAvx512 && (X86Base.CpuId(7, 1).Eax & 1 << 5) != 0;

    public static bool HasAvx512 => Avx512F.X64.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported;

    /// <summary>The kernel for a precision other than <see cref="Precision.Auto"/>.</summary>
    public static MicroKernel For(Precision precision) => precision == Precision.BFloat16 ? s_bfloat16.Value : s_float32.Value;

    /// <summary>All kernels that run here, for tests.</summary>
    internal static IEnumerable<MicroKernel> All()
    {
        yield return PortableKernel.Float32;
        yield return PortableKernel.BFloat16;
        if (Avx2.X64.IsSupported && Fma.IsSupported && Avx2Kernel() is { } avx2) yield return avx2;
        if (HasAvx512) yield return s_float32.Value;
        if (HasBFloat16) yield return s_bfloat16.Value;
    }

    private static MicroKernel CreateFloat32() =>
        (HasAvx512 ? Assembled(InstructionSet.Avx512, 12, 32, static (rows, vectors) => KernelAssembler.Avx512(rows, vectors, bfloat16: false, OperatingSystem.IsWindows())) : null)
        ?? (Avx2.X64.IsSupported && Fma.IsSupported ? Avx2Kernel() : null) ?? PortableKernel.Float32;

    private static MicroKernel CreateBFloat16() =>
        (HasBFloat16 ? Assembled(InstructionSet.Avx512BFloat16, 12, 32, static (rows, vectors) => KernelAssembler.Avx512(rows, vectors, bfloat16: true, OperatingSystem.IsWindows())) : null)
        ?? PortableKernel.BFloat16;

    private static MicroKernel? Avx2Kernel() => Assembled(InstructionSet.Avx2, 6, 16, static (rows, vectors) => KernelAssembler.Avx2(rows, vectors, OperatingSystem.IsWindows()));

    /// <summary>One piece of code per height of tile, two vectors wide and then one; null where the system refuses executable memory.</summary>
    private static MicroKernel? Assembled(InstructionSet set, int rows, int columns, Func<int, int, byte[]> assemble)
    {
        var codes = new byte[2 * (rows + 1)][];
        for (int height = 1; height <= rows; height++) (codes[height], codes[rows + 1 + height]) = (assemble(height, 2), assemble(height, 1));
        nint* addresses = ExecutableMemory.Publish(codes);
        return addresses == null ? null : new MicroKernel(set, rows, columns, addresses);
    }
}
