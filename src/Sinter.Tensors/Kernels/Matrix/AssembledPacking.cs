using System.Runtime.InteropServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Packing with the processor's own instructions: the conversion to bfloat16 (<c>vcvtne2ps2bf16</c>: to nearest, ties to even, NaN stays, denormals become 0), which
/// C# has no name for and which does in four instructions what takes some thirty without it, and the transposition of 16 × 16 words.
/// </summary>
internal static unsafe class AssembledPacking
{
    private static readonly nint* s_code = Publish();
    private static readonly ushort* s_interleave = Interleave();

    private enum Routine { Row, Across16, Across32, Interleave16, Interleave32, Copy16, Copy32, TurnedPairs, TurnedSingles, StripPairs, StripSingles, StripHalves }

    /// <summary>Whether the processor converts to bfloat16 and lets code be made.</summary>
    public static bool IsAvailable => s_code != null && s_code[(int)Routine.Row] != 0;

    /// <summary>Whether <see cref="Turned"/> and <see cref="Copy"/> take float32.</summary>
    public static bool HasVectors => s_code != null;

    /// <summary>The permutation of 32 numbers that makes pairs of two halves: 0, 16, 1, 17 …</summary>
    public static ushort* HalvesToPairs => s_interleave;

    /// <summary>Neighbouring numbers as steps of pairs, the last with a zero where <paramref name="length"/> is odd.</summary>
    public static void Row(float* source, int length, uint* target) => Call(Routine.Row, source, 0, target, 0, length / 32, length % 32);

    /// <summary>Pairs of rows as steps: columns of rows 2s and 2s + 1 become step s, a whole number of vectors with zeros beyond <paramref name="columns"/>.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="columns">Columns, 1 to 32; no others are read.</param>
    /// <param name="steps">Steps, at least 1.</param>
    /// <param name="target">The first step.</param>
    /// <param name="targetStride">Words between steps.</param>
    public static void Across(float* source, long stride, int columns, int steps, uint* target, long targetStride) =>
        Call(columns > Vec.Count ? Routine.Across32 : Routine.Across16, source, stride * sizeof(float), target, targetStride, steps, columns);

    /// <summary>The same for sixteen columns.</summary>
    public static void Across16(float* source, long stride, int steps, uint* target, long targetStride) => Across(source, stride, Vec.Count, steps, target, targetStride);

    /// <summary>The same for columns that are bfloat16 already; <paramref name="stride"/> in elements.</summary>
    public static void Interleave(ushort* source, long stride, int columns, int steps, uint* target, long targetStride) =>
        Call(columns > Vec.Count ? Routine.Interleave32 : Routine.Interleave16, source, stride * sizeof(ushort), target, targetStride, steps, columns);

    /// <summary>The same for a step of one float32, so that rows are copied; only where <see cref="HasVectors"/>.</summary>
    public static void Copy(float* source, long stride, int columns, int rows, float* target, long targetStride) =>
        Call(columns > Vec.Count ? Routine.Copy32 : Routine.Copy16, source, stride * sizeof(float), (uint*)target, targetStride, rows, columns);

    /// <summary>Rows as steps of several strips side by side, each of which gets <paramref name="height"/> columns; a vector is written of each step.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="height">Columns of a strip, and words between its steps; 1 to 16.</param>
    /// <param name="strips">Strips, at least 1.</param>
    /// <param name="steps">Steps, at least 1.</param>
    /// <param name="target">The first strip's first step.</param>
    /// <param name="stripStride">Bytes between strips.</param>
    /// <param name="bfloat16">Whether a step is a pair.</param>
    public static void Strips(float* source, long stride, int height, int strips, int steps, uint* target, long stripStride, bool bfloat16) =>
        Call(bfloat16 ? Routine.StripPairs : Routine.StripSingles, source, stride * sizeof(float), target, height, steps, height, strips, stripStride);

    /// <summary>The same for pairs of rows that are bfloat16 already; <paramref name="stride"/> in elements.</summary>
    public static void Strips(ushort* source, long stride, int height, int strips, int steps, uint* target, long stripStride) =>
        Call(Routine.StripHalves, source, stride * sizeof(ushort), target, height, steps, height, strips, stripStride, sizeof(ushort));

    /// <summary>Sixteen columns that are contiguous in memory, transposed: steps of one float32 or of a pair.</summary>
    /// <param name="source">The first column's first k.</param>
    /// <param name="stride">Elements between columns.</param>
    /// <param name="length">k.</param>
    /// <param name="target">The first step.</param>
    /// <param name="targetStride">Words between steps.</param>
    /// <param name="bfloat16">Whether a step is a pair.</param>
    public static void Turned(float* source, long stride, int length, uint* target, long targetStride, bool bfloat16)
    {
        if (bfloat16) Call(Routine.TurnedPairs, source, stride * sizeof(float), target, targetStride, length / 32, length % 32);
        else Call(Routine.TurnedSingles, source, stride * sizeof(float), target, targetStride, length / 16, length % 16);
    }

    private static void Call(Routine routine, void* source, long strideBytes, uint* target, long targetStride, int count, int columns,
        int strips = 0, long stripStride = 0, int elementSize = sizeof(float))
    {
        var arguments = new PackingArguments { Source = source, Stride = strideBytes, Target = target, TargetStride = targetStride * sizeof(uint),
            Count = count, Interleave = s_interleave, Mask = (1L << (columns + 1) / 2) - 1 << 32 | (1L << columns) - 1,
            Strips = strips, StripStride = stripStride, StripBytes = columns * elementSize };
        ((delegate* unmanaged[SuppressGCTransition]<PackingArguments*, void>)s_code[(int)routine])(&arguments);
    }

    private static nint* Publish()
    {
        if (!MicroKernels.HasAvx512) return null;
        bool windows = OperatingSystem.IsWindows();
        byte[] copy16 = PackingAssembler.Copy(16, windows), copy32 = PackingAssembler.Copy(32, windows), singles = PackingAssembler.Turned(bfloat16: false, windows),
            strips = PackingAssembler.Strips(pairs: false, windows);
        return MicroKernels.HasBFloat16
            ? ExecutableMemory.Publish([PackingAssembler.Row(windows), PackingAssembler.Across(16, windows), PackingAssembler.Across(32, windows),
                PackingAssembler.Interleave(16, windows), PackingAssembler.Interleave(32, windows), copy16, copy32, PackingAssembler.Turned(bfloat16: true, windows), singles,
                PackingAssembler.Strips(pairs: true, windows), strips,
                PackingAssembler.Strips(pairs: true, windows, halves: true)])
            : ExecutableMemory.Publish([null, null, null, null, null, copy16, copy32, null, singles, null, strips, null]);
    }

    /// <summary>Three permutations: halves of one vector to pairs (0, 16, 1, 17 …), then the lower and the upper halves of two (0, 32, 1, 33 … and 16, 48, 17, 49 …).</summary>
    private static ushort* Interleave()
    {
        var index = (ushort*)NativeMemory.AlignedAlloc(3 * 64, 64);
        for (int i = 0; i < 32; i++)
        {
            index[i] = (ushort)(i / 2 + i % 2 * 16);
            index[32 + i] = (ushort)(i / 2 + i % 2 * 32);
            index[64 + i] = (ushort)(i / 2 + i % 2 * 32 + 16);
        }
        return index;
    }
}

/// <summary>What the assembled packing is called with; the code reads these fields by their offsets. Strides in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PackingArguments
{
    public void* Source;
    public long Stride;
    public uint* Target;
    public long TargetStride;
    public long Count;
    public ushort* Interleave;
    /// <summary>A bit for each number that there is of 32, and in the upper half one for each pair.</summary>
    public long Mask;
    /// <summary>Strips side by side, for the routine that packs several.</summary>
    public long Strips;
    public long StripStride;
    /// <summary>Bytes from a strip's columns to the next strip's in a row.</summary>
    public long StripBytes;
}
