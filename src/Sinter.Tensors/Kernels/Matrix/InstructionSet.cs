namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The instructions a micro-kernel is made of.</summary>
internal enum InstructionSet
{
    Portable,
    PortableBFloat16,
    Avx2,
    Avx512,
    Avx512BFloat16,
}

internal static class InstructionSets
{
    /// <summary>The name shown to users and kept in checkpoints.</summary>
    public static string Name(this InstructionSet set) => set switch
    {
        InstructionSet.Portable => "portable",
        InstructionSet.PortableBFloat16 => "portable-bf16",
        InstructionSet.Avx2 => "avx2",
        InstructionSet.Avx512 => "avx512",
        _ => "avx512-bf16",
    };
}
