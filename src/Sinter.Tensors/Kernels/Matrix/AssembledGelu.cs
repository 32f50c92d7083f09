using System.Runtime.InteropServices;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// <see cref="RoundedGelu"/> on a finished tile of two vectors a row in one pass: bias, activation or its gradient, and rounding, nothing of which goes back to memory before
/// the end. Compiled C# takes three passes and twice the time for want of the conversion.
/// </summary>
internal static unsafe class AssembledGelu
{
    /// <summary>Columns of a tile.</summary>
    public const int Columns = 32;

    private static readonly nint* s_code = Publish();
    private static readonly float* s_constants = Constants(), s_noBias = (float*)NativeMemory.AllocZeroed(Columns, sizeof(float));

    /// <summary>Whether the processor converts to bfloat16 and lets code be made.</summary>
    public static bool IsAvailable => s_code != null;

    /// <summary>x = tile + bias: f(x) to <paramref name="result"/>; or x there and f(x) to <paramref name="after"/>, unless that is null. The results' stride in elements.</summary>
    public static void Activate(float* tile, float* bias, ushort* result, ushort* after, long stride, int rows) =>
        Call(after == null ? 0 : 1, tile, bias, result, after, null, stride, rows);

    /// <summary>tile · f′(before) to <paramref name="result"/> and f(before) to <paramref name="after"/>, which may be <paramref name="before"/>.</summary>
    public static void Back(float* tile, ushort* before, ushort* result, ushort* after, long stride, int rows) => Call(2, tile, null, result, after, before, stride, rows);

    private static void Call(int routine, float* tile, float* bias, ushort* result, ushort* after, ushort* before, long stride, int rows)
    {
        var arguments = new GeluArguments
        {
            Tile = tile,
            Bias = bias == null ? s_noBias : bias,
            Result = result,
            After = after,
            Before = before,
            Stride = stride * sizeof(ushort),
            Rows = rows,
            Constants = s_constants,
        };
        ((delegate* unmanaged[SuppressGCTransition]<GeluArguments*, void>)s_code[routine])(&arguments);
    }

    private static nint* Publish()
    {
        if (!MicroKernels.HasBFloat16) return null;
        bool windows = OperatingSystem.IsWindows();
        return ExecutableMemory.Publish([GeluAssembler.Activation(keepsSum: false, windows), GeluAssembler.Activation(keepsSum: true, windows), GeluAssembler.Gradient(windows)]);
    }

    private static float* Constants()
    {
        var constants = RoundedGelu.Constants;
        float* memory = (float*)NativeMemory.Alloc((nuint)constants.Length, sizeof(float));
        constants.CopyTo(new Span<float>(memory, constants.Length));
        return memory;
    }
}

/// <summary>What the assembled activation is called with; the code reads these fields by their offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GeluArguments
{
    /// <summary>Rows of <see cref="AssembledGelu.Columns"/>, one after the other.</summary>
    public float* Tile;
    public float* Bias;
    public ushort* Result, After, Before;
    /// <summary>Bytes between rows of these three.</summary>
    public long Stride;
    /// <summary>At least 1.</summary>
    public long Rows;
    public float* Constants;
}
