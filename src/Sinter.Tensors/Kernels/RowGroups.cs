namespace Sinter.Tensors.Kernels;

/// <summary>
/// How many rows a kernel goes through side by side, known when it is compiled. Four hide the latency of each other's sums; a kernel writes its step
/// once and runs the rows that are left with <see cref="OneRow"/>, which gives each row the same bits.
/// </summary>
internal interface IRowGroup
{
    /// <summary>Whether there are four rows, else one.</summary>
    static abstract bool IsFour { get; }
}

/// <summary>Four rows.</summary>
internal readonly struct FourRows : IRowGroup
{
    public static bool IsFour => true;
}

/// <summary>One row.</summary>
internal readonly struct OneRow : IRowGroup
{
    public static bool IsFour => false;
}
