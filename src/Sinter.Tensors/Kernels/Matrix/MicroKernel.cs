using System.Runtime.CompilerServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The innermost loop of the matrix product, for one instruction set and one type of factor.</summary>
internal readonly unsafe struct MicroKernel
{
    private readonly delegate* unmanaged[SuppressGCTransition]<KernelArguments*, void> _assembled;
    private readonly delegate*<KernelArguments*, void> _portable;

    public MicroKernel(InstructionSet set, int rows, int columns, nint assembled)
    {
        (Set, Rows, Columns) = (set, rows, columns);
        _assembled = (delegate* unmanaged[SuppressGCTransition]<KernelArguments*, void>)assembled;
    }

    public MicroKernel(InstructionSet set, int rows, int columns, delegate*<KernelArguments*, void> portable)
    {
        (Set, Rows, Columns) = (set, rows, columns);
        _portable = portable;
    }

    public InstructionSet Set { get; }

    /// <summary>Rows of the C tile.</summary>
    public int Rows { get; }

    /// <summary>Columns of the C tile.</summary>
    public int Columns { get; }

    /// <summary>Whether a step is a pair of bfloat16 rather than one float32.</summary>
    public bool IsBFloat16 => Set is InstructionSet.PortableBFloat16 or InstructionSet.Avx512BFloat16;

    /// <summary>How many k a step holds.</summary>
    public int StepLength => IsBFloat16 ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(KernelArguments* arguments)
    {
        if (_assembled != null) _assembled(arguments);
        else _portable(arguments);
    }
}

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
