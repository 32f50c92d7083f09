using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>What follows a sum in an epilogue.</summary>
internal enum EpilogueFunction
{
    /// <summary>Nothing: C = sum.</summary>
    None,
    /// <summary>C = sum and After = f(sum); without After, C = f(sum).</summary>
    Activation,
    /// <summary>C = sum · f′(Before) and After = f(Before): a step back through an activation whose input was kept and whose output was not.</summary>
    ActivationGradient,
}

/// <summary>What is done to a finished tile of C while it is in the cache: bias, then residual, then a function. All matrices have C's stride.</summary>
internal unsafe struct MatrixEpilogue
{
    /// <summary>Added to each row; null is none. [N]</summary>
    public float* Bias;
    /// <summary>Added to C; null is none. [M, N]</summary>
    public float* Residual;
    public EpilogueFunction Function;
    /// <summary>f.</summary>
    public Activation Activation;
    /// <summary>What <see cref="EpilogueFunction.ActivationGradient"/> reads. [M, N], of the type of the result.</summary>
    public void* Before;
    /// <summary>The function's second result. [M, N], of the type of the result.</summary>
    public void* After;
    /// <summary>Gets C rounded to bfloat16 in place of C itself, which then need not exist; Before and After are bfloat16 as well. Null is none. [M, N]</summary>
    public ushort* Rounded;

    /// <summary>Micro-kernels that do all this themselves to whole tiles, see <see cref="EndedKernels"/>; null where there are none.</summary>
    public nint* Ended { get; private set; }

    public readonly bool IsEmpty => Bias == null && Residual == null && Function == EpilogueFunction.None && Rounded == null;

    /// <summary>This, as <paramref name="kernel"/> does it.</summary>
    public readonly MatrixEpilogue With(in MicroKernel kernel)
    {
        if (Rounded == null || Residual != null || Function != EpilogueFunction.None && Activation != Activation.GeluTanh) return this;
        var ending = Function switch
        {
            EpilogueFunction.None => Ending.Round,
            EpilogueFunction.Activation => After == null ? Ending.Gelu : Ending.SumAndGelu,
            _ => Ending.GeluGradient,
        };
        return this with { Ended = EndedKernels.Of(kernel, ending) };
    }

    /// <summary>What is left of it where the micro-kernel has <paramref name="added"/> bias and residual.</summary>
    public readonly MatrixEpilogue Left(bool added) => added ? this with { Bias = null, Residual = null } : this;

    /// <summary>Fetches what a tile's epilogue will read and write, to come while the tile is multiplied: its rows lie too far apart for the processor to foresee.</summary>
    public readonly void Prefetch(long stride, long offset, int rows, int columns)
    {
        if (!Sse.IsSupported) return;
        int size = Rounded != null ? sizeof(ushort) : sizeof(float);
        for (int y = 0; y < rows; y++, offset += stride)
        {
            if (Residual != null) Lines((byte*)(Residual + offset), columns * sizeof(float));
            if (Before != null) Lines((byte*)Before + offset * size, columns * size);
            if (After != null) Lines((byte*)After + offset * size, columns * size);
            if (Rounded != null) Lines((byte*)(Rounded + offset), columns * sizeof(ushort));
        }
    }

    private static void Lines(byte* first, int bytes)
    {
        for (int i = 0; i < bytes; i += 64) Sse.Prefetch0(first + i);
    }

    /// <summary>Applies it to a tile that lies in C itself.</summary>
    /// <param name="c">C.</param>
    /// <param name="stride">Elements between rows of C.</param>
    /// <param name="offset">The tile's first element in C.</param>
    /// <param name="column">Its first column in C.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    public readonly void Apply(float* c, long stride, long offset, long column, int rows, int columns)
    {
        float* tile = c + offset, after = After == null ? tile : (float*)After + offset;
        if (Activation == Activation.Gelu) Apply<ErfGelu<SingleNormalArea>>(tile, stride, stride, offset, column, rows, columns, after, stride);
        else if (Activation == Activation.Relu) Apply<ReluFunction>(tile, stride, stride, offset, column, rows, columns, after, stride);
        else Apply<SingleGelu>(tile, stride, stride, offset, column, rows, columns, after, stride);
    }

    /// <summary>Applies it to a tile in scratch memory, a row of the micro-kernel's tile after the other, and rounds the results to where they belong.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="second">Room for a second tile.</param>
    /// <param name="tileStride">Columns of a whole tile.</param>
    /// <param name="stride">Elements between rows of C.</param>
    /// <param name="offset">The tile's first element in C.</param>
    /// <param name="column">Its first column in C.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    public readonly void ApplyRounded(float* tile, float* second, int tileStride, long stride, long offset, long column, int rows, int columns)
    {
        float* after = After == null ? tile : second;
        if (Activation == Activation.Gelu) Apply<ErfGelu<RoundedNormalArea>>(tile, tileStride, stride, offset, column, rows, columns, after, tileStride);
        else if (Activation == Activation.Relu) Apply<ReluFunction>(tile, tileStride, stride, offset, column, rows, columns, after, tileStride);
        else Apply<RoundedGelu>(tile, tileStride, stride, offset, column, rows, columns, after, tileStride);
        BFloat16Rows.Round(tile, tileStride, Rounded + offset, stride, rows, columns);
        if (After != null) BFloat16Rows.Round(second, tileStride, (ushort*)After + offset, stride, rows, columns);
    }

    private readonly void Apply<T>(float* tile, long tileStride, long stride, long offset, long column, int rows, int columns, float* after, long afterStride)
        where T : struct, IActivation
    {
        float* bias = Bias == null ? null : Bias + column;
        int whole = columns & -Vec.Count;
        if (Bias != null || Residual != null) Add(tile, tileStride, bias, offset, stride, rows, whole);
        if (Function == EpilogueFunction.Activation) Activate<T>(tile, tileStride, after, afterStride, rows, whole);
        else if (Function == EpilogueFunction.ActivationGradient) Back<T>(tile, tileStride, after, afterStride, offset, stride, rows, whole);
        if (whole == columns) return;
        for (int y = 0; y < rows; y++)
            Tail<T>(tile + y * tileStride + whole, offset + y * stride + whole, bias + whole, after + y * afterStride + whole, columns - whole);
    }

    private readonly void Add(float* tile, long tileStride, float* bias, long offset, long stride, int rows, int count)
    {
        for (int y = 0; y < rows; y++, tile += tileStride, offset += stride)
            for (int x = 0; x < count; x += Vec.Count)
            {
                var v = Vector512.Load(tile + x);
                if (bias != null) v += Vector512.Load(bias + x);
                if (Residual != null) v += Vector512.Load(Residual + offset + x);
                Vector512.Store(v, tile + x);
            }
    }

    // Both take the whole tile: with rows of two vectors, a call for each row would load the constants again for each.
    private static void Activate<T>(float* tile, long tileStride, float* after, long afterStride, int rows, int count) where T : struct, IActivation
    {
        for (int y = 0; y < rows; y++, tile += tileStride, after += afterStride)
            for (int x = 0; x < count; x += Vec.Count) Vector512.Store(T.Value(Vector512.Load(tile + x)), after + x);
    }

    private readonly void Back<T>(float* tile, long tileStride, float* after, long afterStride, long offset, long stride, int rows, int count)
        where T : struct, IActivation
    {
        for (int y = 0; y < rows; y++, tile += tileStride, after += afterStride, offset += stride)
            for (int x = 0; x < count; x += Vec.Count)
            {
                var before = Rounded != null ? BFloat16Rows.Load((ushort*)Before + offset + x) : Vector512.Load((float*)Before + offset + x);
                Vector512.Store(T.Slope(before, out var value) * Vector512.Load(tile + x), tile + x);
                Vector512.Store(value, after + x);
            }
    }

    private readonly void Tail<T>(float* tile, long offset, float* bias, float* after, int count) where T : struct, IActivation
    {
        var v = Elementwise.LoadPart(tile, count);
        if (Bias != null) v += Elementwise.LoadPart(bias, count);
        if (Residual != null) v += Elementwise.LoadPart(Residual + offset, count);
        Elementwise.StorePart(v, tile, count);
        if (Function == EpilogueFunction.Activation) Elementwise.StorePart(T.Value(v), after, count);
        if (Function != EpilogueFunction.ActivationGradient) return;
        var before = Rounded != null ? BFloat16Rows.LoadPart((ushort*)Before + offset, count) : Elementwise.LoadPart((float*)Before + offset, count);
        Elementwise.StorePart(T.Slope(before, out var value) * v, tile, count);
        Elementwise.StorePart(value, after, count);
    }
}
