using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

/// <summary>
/// Cross entropy of rows of logits against their targets, and in place of the logits the gradient of all terms: (softmax · (m + 2c · log Z) −
/// (1 − ε) · w[target] · one-hot − ε ÷ V · w) · scale, times the slope of the soft cap where there is one; m = (1 − ε) · w[target] + ε ÷ V · Σ w, and
/// without class weights w and m are 1. Every row stands alone, so that any number of threads gives the same bits.
/// </summary>
internal readonly unsafe struct RowLoss(float* logits, long rows, int vocabulary, int* targets, float* results,
    in CrossEntropyOptions options, float? scale, float* slopes,
    int rowsPerTile) : ITileBody
{
    /// <summary>Numbers per row of results: the cross entropy, 1 where the target was the likeliest, what smoothing adds, and the z-loss.</summary>
    public const int Results = 4;

    private readonly int _ignored = options.IgnoredTarget;
    private readonly float _smoothing = options.LabelSmoothing, _zLoss = options.ZLoss, _cap = options.SoftCap, _scale = scale ?? 0;
    private readonly bool _gradient = scale is not null;
    private readonly float* _weights = options.ClassWeights.IsNone ? null : options.ClassWeights.F32("linear_cross_entropy");

    /// <summary>Runs over all rows.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="logits">[rows, vocabulary]; the gradient afterwards, where there is a scale.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="vocabulary">Columns.</param>
    /// <param name="targets">One for each row.</param>
    /// <param name="results"><see cref="Results"/> numbers for each row.</param>
    /// <param name="options">The terms.</param>
    /// <param name="scale">Factor of the gradient; null makes none.</param>
    public static void Run(CpuDevice cpu, float* logits, long rows, long vocabulary, int* targets, float* results,
        in CrossEntropyOptions options, float? scale)
    {
        int rowsPerTile = (int)Math.Max(1, 16 * 1024 / vocabulary);
        // The exponentials take the place of the capped logits, so what the cap's slope is made of is kept: a row for each worker.
        float* slopes = options.SoftCap > 0 && scale is not null ? (float*)cpu.Working.Get(vocabulary * sizeof(float) * cpu.Workers.Count) : null;
        cpu.Workers.Run(checked((int)((rows + rowsPerTile - 1) / rowsPerTile)),
            new RowLoss(logits, rows, checked((int)vocabulary), targets, results, options, scale, slopes, rowsPerTile));
    }

    public void Run(int tile, int worker)
    {
        long end = Math.Min(rows, (long)(tile + 1) * rowsPerTile);
        float* slope = slopes == null ? null : slopes + (long)worker * vocabulary;
        for (long row = (long)tile * rowsPerTile; row < end; row++) Row(logits + row * vocabulary, targets[row], results + row * Results, slope);
    }

    private void Row(float* x, int target, float* result, float* slope)
    {
        new Span<float>(result, Results).Clear();
        if (target == _ignored)
        {
            if (_gradient) new Span<float>(x, vocabulary).Clear();
            return;
        }
        if (_cap > 0) Cap(x, slope);
        float max = Max(x), own = x[target];
        result[1] = own == max && !new ReadOnlySpan<float>(x, target).Contains(max) ? 1 : 0;   // before the exponentials take the logits' place
        float weight = _weights == null ? 1 : _weights[target], spread = 1, average = 0;
        if (_smoothing > 0) average = _weights == null ? RowMath.Sum(x, vocabulary) / vocabulary : RowMath.Dot(x, _weights, vocabulary) / vocabulary;
        if (_smoothing > 0 && _weights != null) spread = RowMath.Sum(_weights, vocabulary) / vocabulary;
        float sum = _gradient ? ExpSum<Stored>(x, max) : ExpSum<NotStored>(x, max), logZ = max + MathF.Log(sum);
        result[0] = weight * (max - own + MathF.Log(sum));
        if (_smoothing > 0) result[2] = _weights == null ? _smoothing * (own - average) : _smoothing * (spread * logZ - average - result[0]);
        if (_zLoss > 0) result[3] = _zLoss * logZ * logZ;
        if (!_gradient) return;
        float mass = _weights == null ? 1 : (1 - _smoothing) * weight + _smoothing * spread;
        Scale(x, (_zLoss > 0 ? _scale * (mass + 2 * _zLoss * logZ) : _scale * mass) / sum);
        if (_smoothing > 0) Lower(x, _scale * _smoothing / vocabulary);
        x[target] -= _scale * (1 - _smoothing) * weight;
        if (slope != null) Multiply(x, slope);
    }

    /// <summary>x = cap · tanh(x ÷ cap), and 1 − tanh² where there is room for it.</summary>
    private void Cap(float* x, float* slope)
    {
        for (int i = 0; i < vocabulary; i += Vec.Count)
        {
            int part = RowMath.Part(vocabulary - i);
            var t = VectorMath.Tanh(Elementwise.LoadPart(x + i, part) * (1 / _cap));
            Elementwise.StorePart(t * _cap, x + i, part);
            if (slope != null) Elementwise.StorePart(Vec.One - t * t, slope + i, part);
        }
    }

    private void Multiply(float* x, float* factors)
    {
        for (int i = 0; i < vocabulary; i += Vec.Count)
        {
            int part = RowMath.Part(vocabulary - i);
            Elementwise.StorePart(Elementwise.LoadPart(x + i, part) * Elementwise.LoadPart(factors + i, part), x + i, part);
        }
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

    private void Lower(float* x, float by)
    {
        int i = 0;
        if (_weights != null)
        {
            for (; i < vocabulary; i++) x[i] -= by * _weights[i];
            return;
        }
        for (; i + Vec.Count <= vocabulary; i += Vec.Count) Vector512.Store(Vector512.Load(x + i) - Vector512.Create(by), x + i);
        for (; i < vocabulary; i++) x[i] -= by;
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
