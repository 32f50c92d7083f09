using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

/// <summary>
/// Cross entropy of rows of logits against their targets, and in place of the logits its gradient: (softmax − one-hot) · scale. Every row stands
/// alone, so that any number of threads gives the same bits.
/// </summary>
internal readonly unsafe struct RowLoss(float* logits, long rows, int vocabulary, int* targets, float* results, int ignored, float scale,
    bool gradient, int rowsPerTile) : ITileBody
{
    /// <summary>Numbers per row of results: the loss, and 1 where the target was the likeliest.</summary>
    public const int Results = 2;

    public static void Run(CpuDevice cpu, float* logits, long rows, long vocabulary, int* targets, float* results, int ignored, float scale,
        bool gradient)
    {
        int rowsPerTile = (int)Math.Max(1, 16 * 1024 / vocabulary);
        cpu.Workers.Run(checked((int)((rows + rowsPerTile - 1) / rowsPerTile)),
            new RowLoss(logits, rows, checked((int)vocabulary), targets, results, ignored, scale, gradient, rowsPerTile));
    }

    public void Run(int tile, int worker)
    {
        long end = Math.Min(rows, (long)(tile + 1) * rowsPerTile);
        for (long row = (long)tile * rowsPerTile; row < end; row++) Row(logits + row * vocabulary, targets[row], results + row * Results);
    }

    private void Row(float* x, int target, float* result)
    {
        result[0] = result[1] = 0;
        if (target == ignored)
        {
            if (gradient) new Span<float>(x, vocabulary).Clear();
            return;
        }
        float max = Max(x), own = x[target];
        result[1] = own == max && !new ReadOnlySpan<float>(x, target).Contains(max) ? 1 : 0;   // before the exponentials take the logits' place
        float sum = gradient ? ExpSum<Stored>(x, max) : ExpSum<NotStored>(x, max);
        result[0] = max - own + MathF.Log(sum);
        if (!gradient) return;
        Scale(x, scale / sum);
        x[target] -= scale;
    }

    private float Max(float* x)
    {
        var max = Vector512.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + Vec.Count <= vocabulary; i += Vec.Count) max = Vector512.Max(max, Vector512.Load(x + i));
        float result = VectorMath.Max(max);
        for (; i < vocabulary; i++) result = MathF.Max(result, x[i]);
        return result;
    }

    private float ExpSum<T>(float* x, float max) where T : IStore
    {
        Vec shift = Vector512.Create(max), sum = default;
        int i = 0;
        for (; i + Vec.Count <= vocabulary; i += Vec.Count)
        {
            var e = VectorMath.Exp(Vector512.Load(x + i) - shift);
            T.Store(e, x + i, Vec.Count);
            sum += e;
        }
        int rest = vocabulary - i;
        if (rest > 0)
        {
            var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rest)).AsSingle();
            var e = VectorMath.Exp(Elementwise.LoadPart(x + i, rest) - shift) & inside;
            T.Store(e, x + i, rest);
            sum += e;
        }
        return VectorMath.Sum(sum);
    }

    private void Scale(float* x, float factor)
    {
        int i = 0;
        for (; i + Vec.Count <= vocabulary; i += Vec.Count) Vector512.Store(Vector512.Load(x + i) * factor, x + i);
        for (; i < vocabulary; i++) x[i] *= factor;
    }

    private interface IStore
    {
        static abstract void Store(Vec e, float* x, int count);
    }

    private readonly struct Stored : IStore
    {
        public static void Store(Vec e, float* x, int count) => Elementwise.StorePart(e, x, count);
    }

    private readonly struct NotStored : IStore
    {
        public static void Store(Vec e, float* x, int count) { }
    }
}
