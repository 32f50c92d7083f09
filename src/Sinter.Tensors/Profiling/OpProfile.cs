using System.Diagnostics;

namespace Sinter.Tensors.Profiling;

/// <summary>
/// Where the time of steps goes, by operation: set <see cref="Device.Profile"/> and put each step into <see cref="Step"/>. Operations run one
/// after the other, so the time from one's beginning to the next one's is the first one's, and the rows of a step add up to the step.
/// </summary>
/// <remarks>
/// The backward part of an operation is the row of the operation that recorded it. <c>linear_cross_entropy</c> makes its gradients in the
/// forward pass and so has all its work there. Bytes are those of the buffers that an operation touches, each once a call, and once more where
/// it adds to what is there: the least traffic that the operation can do with, where a kernel may read a buffer several times. Working
/// memory inside kernels is not counted.
/// </remarks>
public sealed class OpProfile
{
    /// <summary>The row of what belongs to no operation.</summary>
    public const string Rest = "rest";

    /// <summary>The row of making a batch.</summary>
    public const string Batch = "batch";

    /// <summary>The row of the optimizer's pass over the weights.</summary>
    public const string Update = "update";

    /// <summary>The row of the global norm of the gradients.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>The row of clipping where it changes gradients itself.</summary>
    public const string Clip = "clip";

    /// <summary>The row of a penalty on the weights.</summary>
    public const string Penalty = "penalty";

    private static long s_calls;   // never the same in two profiles of one device

    private readonly Dictionary<(string Op, bool IsBackward), Sum> _sums = [];
    private readonly Dictionary<(long M, long N, long K, bool A, bool B), (long Calls, long Ticks)> _products = [];
    private Sum _current = new();
    private long _mark, _call;
    private bool _isRunning, _isBackward;

    /// <summary>Steps profiled.</summary>
    public long Steps { get; private set; }

    /// <summary>Seconds of all profiled steps.</summary>
    public double Seconds => InSeconds(_sums.Values.Sum(s => s.Ticks));

    /// <summary>The rows, in the order in which they first began.</summary>
    public IReadOnlyList<OpRow> Rows =>
        [.. _sums.Select(s => new OpRow(s.Key.Op, s.Key.IsBackward, s.Value.Calls, InSeconds(s.Value.Ticks), s.Value.Operations, s.Value.Bytes))];

    /// <summary>The matrix products by shape; attention's own, of blocks, are not among them.</summary>
    public IReadOnlyList<ProductRow> Products =>
        [.. _products.Select(p => new ProductRow(p.Key.M, p.Key.N, p.Key.K, p.Key.A, p.Key.B, p.Value.Calls, InSeconds(p.Value.Ticks)))];

    /// <summary>The most bytes of activations that were alive when a backward pass began: what it was to need of the forward pass.</summary>
    public long SavedBytes { get; private set; }

    /// <summary>The operation that runs now.</summary>
    internal string Op { get; private set; } = Rest;

    /// <summary>Profiles until the result is disposed; outside of it nothing is counted.</summary>
    public StepToken Step()
    {
        Steps++;
        (_isRunning, _isBackward) = (true, false);
        (_current, _mark) = (Find(Rest), Stopwatch.GetTimestamp());
        return new StepToken(this);
    }

    /// <summary>Says that from now on <paramref name="op"/> runs, until the next one does: for work outside of operations.</summary>
    public void Begin(string op)
    {
        if (_isRunning && !_isBackward) Enter(op);
    }

    internal void BeginBackward(string? op)
    {
        if (!_isRunning) return;
        _isBackward = true;
        Enter(op ?? Rest);
    }

    internal void EndBackward()
    {
        _isBackward = false;
        if (_isRunning) Enter(Rest);
    }

    internal void Saved(long bytes) => SavedBytes = Math.Max(SavedBytes, bytes);

    /// <summary>Counts a buffer of the running operation, at its first use in this call.</summary>
    internal void Touch(TensorNode node, long bytes)
    {
        if (!_isRunning || node.ProfiledCall == _call) return;
        node.ProfiledCall = _call;
        _current.Bytes += bytes;
    }

    internal void AddBytes(double bytes)
    {
        if (_isRunning) _current.Bytes += bytes;
    }

    internal void AddOperations(double operations)
    {
        if (_isRunning) _current.Operations += operations;
    }

    internal void AddProduct(long m, long n, long k, bool transposedA, bool transposedB, long began)
    {
        if (!_isRunning) return;
        _current.Operations += 2.0 * m * n * k;
        var key = (m, n, k, transposedA, transposedB);
        var (calls, ticks) = _products.GetValueOrDefault(key);
        _products[key] = (calls + 1, ticks + Stopwatch.GetTimestamp() - began);
    }

    private void Enter(string op)
    {
        Charge();
        _current = Find(op);
        _current.Calls++;
        Op = op;
        _call = Interlocked.Increment(ref s_calls);
    }

    private static double InSeconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private void Charge()
    {
        long now = Stopwatch.GetTimestamp();
        _current.Ticks += now - _mark;
        _mark = now;
    }

    private Sum Find(string op)
    {
        if (!_sums.TryGetValue((op, _isBackward), out var sum)) _sums.Add((op, _isBackward), sum = new Sum());
        return sum;
    }

    private void End()
    {
        Charge();
        (_isRunning, Op) = (false, Rest);
    }

    /// <summary>Ends a profiled step when disposed.</summary>
    public readonly struct StepToken : IDisposable
    {
        private readonly OpProfile? _profile;

        internal StepToken(OpProfile profile) => _profile = profile;

        /// <inheritdoc/>
        public void Dispose() => _profile?.End();
    }

    private sealed class Sum
    {
        public long Calls, Ticks;
        public double Operations, Bytes;
    }
}
