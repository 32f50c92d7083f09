using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The micro-kernels of this processor, assembled at first use; the portable ones where there is nothing better or code pages are refused.</summary>
internal static unsafe class MicroKernels
{
    private static readonly Lazy<MicroKernel> s_float32 = new(CreateFloat32);
    private static readonly Lazy<MicroKernel> s_bfloat16 = new(CreateBFloat16);

    /// <summary>Whether the processor multiplies bfloat16 (AVX512_BF16: leaf 7, subleaf 1, EAX bit 5).</summary>
    public static bool HasBFloat16 { get; } = HasAvx512 && (X86Base.CpuId(7, 1).Eax & 1 << 5) != 0;

    private static bool HasAvx512 => Avx512F.X64.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported;

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

    private static MicroKernel CreateFloat32()
    {
        if (HasAvx512 && ExecutableMemory.Publish(KernelAssembler.Avx512(bfloat16: false, OperatingSystem.IsWindows())) is var code and not 0)
            return new MicroKernel(InstructionSet.Avx512, 12, 32, code);
        return (Avx2.X64.IsSupported && Fma.IsSupported ? Avx2Kernel() : null) ?? PortableKernel.Float32;
    }

    private static MicroKernel CreateBFloat16()
    {
        if (HasBFloat16 && ExecutableMemory.Publish(KernelAssembler.Avx512(bfloat16: true, OperatingSystem.IsWindows())) is var code and not 0)
            return new MicroKernel(InstructionSet.Avx512BFloat16, 12, 32, code);
        return PortableKernel.BFloat16;
    }

    private static MicroKernel? Avx2Kernel() => ExecutableMemory.Publish(KernelAssembler.Avx2(OperatingSystem.IsWindows())) is var code and not 0
        ? new MicroKernel(InstructionSet.Avx2, 6, 16, code) : null;
}
