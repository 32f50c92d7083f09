using System.Runtime.CompilerServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>The innermost loop of the matrix product, for one instruction set and one type of factor.</summary>
internal readonly unsafe struct MicroKernel
{
    private readonly nint* _assembled;   // by height, and then the narrow ones by height
    private readonly int _tallest;
    private readonly delegate*<KernelArguments*, int, void> _portable;

    /// <summary>Assembled code.</summary>
    /// <param name="set">Its instructions.</param>
    /// <param name="rows">Rows of the tallest tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    /// <param name="assembled">Addresses of the code for tiles of 0 (unused) to <paramref name="rows"/> rows, then for narrow ones; lives as long as the process.</param>
    public MicroKernel(InstructionSet set, int rows, int columns, nint* assembled) : this(set, rows, columns, assembled, rows) { }

    private MicroKernel(InstructionSet set, int rows, int columns, nint* assembled, int tallest)
    {
        (Set, Rows, Columns, _tallest) = (set, rows, columns, tallest);
        _assembled = assembled;
    }

    public MicroKernel(InstructionSet set, int rows, int columns, delegate*<KernelArguments*, int, void> portable)
    {
        (Set, Rows, Columns) = (set, rows, columns);
        _portable = portable;
    }

    public InstructionSet Set { get; }

    /// <summary>Rows of the tallest C tile.</summary>
    public int Rows { get; }

    /// <summary>Columns of the C tile.</summary>
    public int Columns { get; }

    /// <summary>Columns of a narrow tile, the first ones of a panel; 0 where there is no code for it.</summary>
    public int NarrowColumns => _assembled != null ? Columns / 2 : 0;

    /// <summary>Whether the kernel goes through <see cref="KernelArguments.Panels"/>.</summary>
    public bool LoopsOverPanels => _assembled != null;

    /// <summary>Whether the kernel adds <see cref="KernelArguments.Bias"/> and <see cref="KernelArguments.Residual"/>.</summary>
    public bool AddsToTiles => _assembled != null;

    /// <summary>Whether a step is a pair of bfloat16 rather than one float32.</summary>
    public bool IsBFloat16 => Set is InstructionSet.PortableBFloat16 or InstructionSet.Avx512BFloat16;

    /// <summary>How many k a step holds.</summary>
    public int StepLength => IsBFloat16 ? 2 : 1;

    /// <summary>Steps that hold <paramref name="length"/> k.</summary>
    public int StepsOf(int length) => IsBFloat16 ? (length + 1) / 2 : length;

    /// <summary>The same code in tiles of at most <paramref name="rows"/> rows, where there is code for each height.</summary>
    public MicroKernel UpTo(int rows) => _assembled != null && rows < Rows ? new MicroKernel(Set, rows, Columns, _assembled, _tallest) : this;

    /// <summary>The tallest tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(KernelArguments* arguments) => Invoke(arguments, Rows);

    /// <summary>A tile of <paramref name="rows"/> rows, from 1 to <see cref="Rows"/>; a narrow one where there is code for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(KernelArguments* arguments, int rows, bool isNarrow = false)
    {
        if (_assembled != null) ((delegate* unmanaged[SuppressGCTransition]<KernelArguments*, void>)_assembled[isNarrow ? _tallest + 1 + rows : rows])(arguments);
        else _portable(arguments, rows);
    }
}
