using Sinter.Tensors.Profiling;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>
/// Passes over all gradients between backward and update: clipping and penalties. Each reads and writes memory once; work is cut by the shapes alone and sums are in
/// double in a fixed order, so the bits are the same for any number of threads. Weights without a gradient are passed over.
/// </summary>
public static unsafe class GradientPasses
{
    private const long TileElements = 16 * 1024;

    /// <summary>Clamps every element to [−limit, limit]; NaN stays NaN.</summary>
    /// <returns>Σ g² afterwards.</returns>
    public static double Clamp(ReadOnlySpan<Tensor> weights, float limit) => Total(weights, new ClampPass(limit), OpProfile.Clip);

    /// <summary>Σ g² of each gradient; 0 for a weight that has none.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="sums">Gets a sum for each.</param>
    public static void Squares(ReadOnlySpan<Tensor> weights, Span<double> sums) => Run(weights, new SquaresPass(), sums, OpProfile.Clip);

    /// <summary>Multiplies each gradient by its own factor; one whose factor is 1 is not touched.</summary>
    public static void Scale(ReadOnlySpan<Tensor> weights, ReadOnlySpan<double> factors)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(factors.Length, weights.Length);
        fixed (double* f = factors) Run(weights, new ScalePass(f), default, OpProfile.Clip);
    }

    /// <summary>Adds the gradient of Σ l1 · |w| + l2 ÷ 2 · w² to the gradients: l1 · sign(w) + l2 · w, where sign(0) is 0.</summary>
    /// <returns>The sum itself.</returns>
    public static double AddPenalty(ReadOnlySpan<Tensor> weights, double l1, double l2) => Total(weights, new PenaltyPass(l1, l2), OpProfile.Penalty);

    /// <summary>Adds the gradient of strength ÷ 2 · Σ importance ∘ (w − anchor)² to the gradients.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="anchors">Where each is held, of the weights' shapes.</param>
    /// <param name="importances">How firmly, likewise.</param>
    /// <param name="strength">The factor of all.</param>
    /// <returns>The sum itself.</returns>
    public static double AddAnchorPenalty(ReadOnlySpan<Tensor> weights, ReadOnlySpan<Tensor> anchors, ReadOnlySpan<Tensor> importances, double strength)
    {
        fixed (nint* w = Addresses(weights), a = Addresses(anchors), f = Addresses(importances)) return Total(weights, new AnchorPass(w, a, f, strength), OpProfile.Penalty);
    }

    /// <summary>sums += factor · g², for each weight that has a gradient.</summary>
    public static void AddSquares(ReadOnlySpan<Tensor> weights, ReadOnlySpan<Tensor> sums, double factor)
    {
        fixed (nint* w = Addresses(weights), s = Addresses(sums)) Run(weights, new SquareSumPass(w, s, (float)factor), default, OpProfile.Penalty);
    }

    private static nint[] Addresses(ReadOnlySpan<Tensor> tensors)
    {
        var addresses = new nint[tensors.Length];
        for (int i = 0; i < addresses.Length; i++) addresses[i] = (nint)tensors[i].F32();
        return addresses;
    }

    private static double Total<TPass>(ReadOnlySpan<Tensor> weights, TPass pass, string op) where TPass : unmanaged, IGradientPass
    {
        var sums = weights.Length <= 256 ? stackalloc double[weights.Length] : new double[weights.Length];
        Run(weights, pass, sums, op);
        double total = 0;
        foreach (double sum in sums) total += sum;
        return total;
    }

    private static void Run<TPass>(ReadOnlySpan<Tensor> weights, TPass pass, Span<double> sums, string op) where TPass : unmanaged, IGradientPass
    {
        sums.Clear();
        if (weights.IsEmpty) return;
        var cpu = CpuDevice.Of(weights[0], op);
        long tiles = 0;
        foreach (ref readonly var weight in weights) tiles += weight.HasGrad ? Tiles(weight.Count) : 0;
        var pieces = (Piece*)cpu.Working.Get(weights.Length * sizeof(Piece) + tiles * sizeof(double));
        var parts = (double*)(pieces + weights.Length);
        int count = 0;
        long first = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!weights[i].HasGrad) continue;
            pieces[count++] = new Piece(weights[i].Grad.F32(), TPass.ReadsWeight ? weights[i].F32() : null, weights[i].Count, first, i);
            first += Tiles(weights[i].Count);
            if (TPass.WritesGradient) cpu.Profile?.AddBytes(weights[i].ByteLength);   // it is read and written
        }
        cpu.Workers.Run(checked((int)tiles), new Body<TPass>(pieces, count, parts, pass));
        if (sums.IsEmpty) return;
        for (int p = 0; p < count; p++)
            for (long t = 0; t < Tiles(pieces[p].Count); t++) sums[pieces[p].Tensor] += parts[pieces[p].FirstTile + t];
    }

    private static long Tiles(long count) => (count + TileElements - 1) / TileElements;

    private readonly struct Piece(float* gradient, float* weight, long count, long firstTile, int tensor)
    {
        public readonly float* Gradient = gradient, Weight = weight;
        public readonly long Count = count, FirstTile = firstTile;
        public readonly int Tensor = tensor;
    }

    private readonly struct Body<TPass>(Piece* pieces, int count, double* parts, TPass pass) : ITileBody where TPass : unmanaged, IGradientPass
    {
        public void Run(int tile, int worker)
        {
            int low = 0, high = count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (pieces[middle].FirstTile <= tile) low = middle;
                else high = middle - 1;
            }
            Piece* p = pieces + low;
            long start = (tile - p->FirstTile) * TileElements;
            parts[tile] = pass.Run(p->Gradient + start, p->Weight + start, Math.Min(TileElements, p->Count - start), p->Tensor);
        }
    }
}
