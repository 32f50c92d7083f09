using System.Runtime.CompilerServices;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_rotaryBackward = RotaryBackward;

    private readonly record struct RotaryArguments(long FirstRow, long Heads, int HeadSize);

    /// <summary>
    /// Turns the pairs (i, i + R/2) of each head by its position's angles: the half-split convention of transformers, where R of the head's D numbers turn. Row
    /// t of each sequence has the position <paramref name="firstPosition"/> + t. Shapes: x and the result [B, T, columns], columns a multiple of D.
    /// </summary>
    /// <param name="x">Queries or keys, or a projection that begins with them.</param>
    /// <param name="table">The angles, D and R.</param>
    /// <param name="firstPosition">The position of the first row: more than 0 behind a cache.</param>
    /// <param name="heads">How many heads to turn, from the first; the rest are copied. Negative is all.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a negative position.</exception>
    public static Tensor Rotary(Tensor x, RotaryTable table, long firstPosition = 0, long heads = -1)
    {
        const string op = "rotary";
        if (x.Shape.Rank != 3 || x.Shape[2] % table.HeadSize != 0)
            throw new ArgumentException($"[{op}] x {x.Shape} is not [B, T, columns] with columns a multiple of the head size {table.HeadSize}.");
        if (firstPosition < 0) throw new ArgumentException($"[{op}] the first position {firstPosition} is negative.");
        long all = x.Shape[2] / table.HeadSize;
        if (heads > all) throw new ArgumentException($"[{op}] x {x.Shape} has {all} heads of {table.HeadSize}, not {heads}.");
        if (heads < 0) heads = all;
        var cpu = CpuDevice.Of(x, op);
        var (angles, firstRow) = table.For(firstPosition, x.Shape[1]);
        var y = cpu.Empty(x.Shape);
        var arguments = new RotaryArguments(firstRow, heads, table.HeadSize);
        Rotate(cpu, x, angles, y, arguments, sign: 1, accumulate: false);
        cpu.Tape.Record(s_rotaryBackward, y, x, angles)?.Set(arguments);
        return y;
    }

    private static void RotaryBackward(TapeEntry entry)
    {
        var dx = entry.GradTarget(0, out bool accumulate);
        Rotate(CpuDevice.Of(dx, "rotary"), entry.OutputGrad, entry[1], dx, entry.Get<RotaryArguments>(), sign: -1, accumulate);
    }

    private static void Rotate(CpuDevice cpu, Tensor x, Tensor angles, Tensor y, RotaryArguments arguments, float sign, bool accumulate)
    {
        var blocks = RowBlocks.ForRows(x.Shape.Rows, x.Shape[2]);
        cpu.Workers.Run(blocks.Count, new Rotation(blocks, x.F32(), angles.F32(), y.F32(), x.Shape[1], x.Shape[2], arguments.HeadSize, (int)angles.Shape[1],
            arguments.FirstRow, arguments.Heads, sign, accumulate));
    }

    private readonly struct Rotation(RowBlocks blocks, float* x, float* angles, float* y, long length, long columns, int size, int turned, long firstRow,
        long heads, float sign, bool accumulate)
        : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                float* cosines = angles + (firstRow + row % length) * turned;
                float* from = x + row * columns, to = y + row * columns;
                for (long head = 0; head < heads; head++) Head(from + head * size, to + head * size, cosines);
                long rest = heads * size;
                if (rest < columns) Copy(from + rest, to + rest, columns - rest);
            }
        }

        private void Head(float* from, float* to, float* cosines)
        {
            int half = turned / 2, i = 0;
            for (; i + Vec.Count <= half; i += Vec.Count) Step(default(AllLanes), from + i, to + i, cosines + i, half);
            if (i < half) Step(new FirstLanes(half - i), from + i, to + i, cosines + i, half);
            if (turned < size) Copy(from + turned, to + turned, size - turned);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, float* from, float* to, float* cosines, int half) where T : struct, ILanes
        {
            Vec c = lanes.Load(cosines), s = lanes.Load(cosines + half) * sign, first = lanes.Load(from), second = lanes.Load(from + half);
            Vec turned = first * c - second * s, other = second * c + first * s;
            lanes.Store(accumulate ? turned + lanes.Load(to) : turned, to);
            lanes.Store(accumulate ? other + lanes.Load(to + half) : other, to + half);
        }

        private void Copy(float* from, float* to, long count)
        {
            if (accumulate) RowMath.Add(from, to, to, count);
            else Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
        }
    }
}
