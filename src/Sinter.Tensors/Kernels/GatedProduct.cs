using System.Runtime.CompilerServices;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>
/// Rows of the gate and of the other factor, each <paramref name="columns"/> long and <paramref name="stride"/> after the one before: both halves of one
/// projection, or two tensors that lie whole.
/// </summary>
internal readonly unsafe struct GatedOperands(float* gate, float* up, long columns, long stride)
{
    public readonly float* Gate = gate, Up = up;
    public readonly long Columns = columns, Stride = stride;

    /// <summary>Whether rows lie without gaps, so that many are one long row.</summary>
    public bool IsWhole => Stride == Columns;
}

/// <summary>y = f(gate) · up.</summary>
internal readonly unsafe struct GatedProduct<TGate>(RowBlocks blocks, GatedOperands x, float* y) : ITileBody where TGate : struct, IGate
{
    public void Run(int tile, int worker)
    {
        long row = blocks.Start(tile), end = blocks.End(tile);
        if (x.IsWhole) Row(row, (end - row) * x.Columns);
        else for (; row < end; row++) Row(row, x.Columns);
    }

    private void Row(long row, long count)
    {
        float* gate = x.Gate + row * x.Stride, up = x.Up + row * x.Stride, to = y + row * x.Columns;
        long i = 0;
        for (; i + Vec.Count <= count; i += Vec.Count) Step(default(AllLanes), gate + i, up + i, to + i);
        if (i < count) Step(new FirstLanes(count - i), gate + i, up + i, to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T>(T lanes, float* gate, float* up, float* to) where T : struct, ILanes =>
        lanes.Store(TGate.Value(lanes.Load(gate)) * lanes.Load(up), to);
}

/// <summary>Both gradients in one pass: dgate = dy · up · f′(gate), dup = dy · f(gate). They lie as the operands do.</summary>
internal readonly unsafe struct GatedGradient<TGate>(RowBlocks blocks, GatedOperands x, float* dy, float* dgate, bool addGate, float* dup, bool addUp)
    : ITileBody where TGate : struct, IGate
{
    public void Run(int tile, int worker)
    {
        long row = blocks.Start(tile), end = blocks.End(tile);
        if (x.IsWhole) Row(row, (end - row) * x.Columns);
        else for (; row < end; row++) Row(row, x.Columns);
    }

    private void Row(long row, long count)
    {
        long from = row * x.Stride, i = 0;
        float* d = dy + row * x.Columns;
        for (; i + Vec.Count <= count; i += Vec.Count) Step(default(AllLanes), from + i, d + i);
        if (i < count) Step(new FirstLanes(count - i), from + i, d + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<T>(T lanes, long i, float* gradient) where T : struct, ILanes
    {
        Vec d = lanes.Load(gradient), slope = TGate.Slope(lanes.Load(x.Gate + i), out var value);
        if (dgate != null)
        {
            var result = d * lanes.Load(x.Up + i) * slope;
            lanes.Store(addGate ? result + lanes.Load(dgate + i) : result, dgate + i);
        }
        if (dup != null)
        {
            var result = d * value;
            lanes.Store(addUp ? result + lanes.Load(dup + i) : result, dup + i);
        }
    }
}
