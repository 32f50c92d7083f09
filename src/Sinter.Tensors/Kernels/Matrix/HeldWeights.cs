using Sinter.Tensors.Memory;
using Sinter.Tensors.Updates;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Packed panels of weights, kept while the weights stand still: packed at the first product, found again by every later one, forgotten when
/// the weights change, and given back to the system when the outermost <see cref="WeightHold"/> ends. Panels of bfloat16 only: float32 ones
/// would be as large as the weights.
/// </summary>
/// <param name="cpu">Whose weights.</param>
internal sealed unsafe class HeldWeights(CpuDevice cpu) : IDisposable
{
    private readonly Dictionary<Factor, Held> _factors = [];
    private readonly HashSet<nint> _weights = [], _changed = [];
    private readonly Arena _memory = new();
    private long _room, _expected, _epoch;
    private int _holds;

    /// <summary>A way to read a weight as B.</summary>
    private readonly record struct Factor(MatrixOperand Operand, long N, long K, InstructionSet Set);

    private sealed class Held(HeldPanels panels)
    {
        public HeldPanels Panels => panels;

        public bool IsPacked { get; set; }
    }

    /// <summary>Bytes of the memory that panels are cut from.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>Bytes of the panels held.</summary>
    public long UsedBytes => _memory.UsedBytes;

    /// <summary>How often a weight was packed to be held.</summary>
    public long Packs { get; private set; }

    /// <summary>Counts the changes of the weights, and of holds; 0 where nothing is held.</summary>
    public long Epoch => _holds == 0 ? 0 : _epoch;

    /// <summary>Begins a hold, or one inside another, which keeps the outer one's limit.</summary>
    /// <param name="limit">Bytes at most.</param>
    /// <param name="frozenOnly">Whether weights that take gradients are left out.</param>
    public void Open(long limit, bool frozenOnly)
    {
        if (_holds++ > 0) return;
        _epoch++;
        (_room, _expected) = (limit, 0);
        foreach (var node in cpu.Lasting)
            if (node.Lifetime == Lifetime.Device && node.DType == DType.Float32 && !(frozenOnly && node.RequiresGrad))
            {
                node.Held = true;
                _expected += node.Bytes / 2;
                _weights.Add((nint)node.Pointer);
            }
    }

    /// <summary>Ends a hold; the outermost gives the memory back.</summary>
    public void Close()
    {
        if (_holds == 0 || --_holds > 0) return;
        foreach (var node in cpu.Lasting) node.Held = false;
        Dispose();
    }

    /// <summary>Forgets what is in the panels; their memory stays for the same weights packed again.</summary>
    public void Forget()
    {
        _epoch++;
        foreach (var held in _factors.Values) held.IsPacked = false;
    }

    /// <summary>Forgets what is in the panels of weights that an update is about to change.</summary>
    public void Forget(ReadOnlySpan<UpdateTarget> targets)
    {
        _epoch++;
        if (_factors.Count == 0) return;
        _changed.Clear();
        foreach (ref readonly var target in targets)
            if (target.Weight.HasGrad) _changed.Add((nint)target.Weight.Live().Pointer);
        foreach (var (factor, held) in _factors) held.IsPacked &= !_changed.Contains(factor.Operand.Data);
    }

    /// <summary>The panels of B, packed now if they were not; none where B is no weight, nothing is held, or there is no room.</summary>
    public HeldPanels Find(MicroKernel kernel, MatrixOperand b, long n, long k)
    {
        if (_holds == 0 || !kernel.IsBFloat16 || !_weights.Contains(b.Data)) return default;
        var factor = new Factor(b, n, k, kernel.Set);
        if (!_factors.TryGetValue(factor, out var held)) _factors[factor] = held = Reserve(kernel, n, k);
        if (!held.Panels.IsNone && !held.IsPacked)
        {
            var pack = new PackHeld(new MatrixPass { Kernel = kernel, B = b }, n, k, held.Panels);
            cpu.Workers.Run(pack.Count, pack);
            held.IsPacked = true;
            Packs++;
        }
        return held.Panels;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _factors.Clear();
        _weights.Clear();
    }

    private Held Reserve(MicroKernel kernel, long n, long k)
    {
        long bytes = HeldPanels.Bytes(kernel, n, k);
        if (bytes > _room) return new Held(default);
        var memory = _memory.Rent(bytes, Math.Min(_room, _expected));
        _room -= bytes;
        _expected = Math.Max(0, _expected - bytes);
        return new Held(new HeldPanels(memory, kernel, MatrixPlan.RoundUp(n, kernel.Columns)));
    }
}
