using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Profiling;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>Work on all weights at once: one pass over memory, cut into tiles by the shapes alone.</summary>
public static unsafe class MultiTensor
{
    private const long TileElements = 16 * 1024;

    /// <summary>Applies a rule to every weight that has a gradient.</summary>
    /// <param name="targets">The weights with their states.</param>
    /// <param name="gradientScale">Factor of the gradients: the clip factor.</param>
    /// <param name="rule">What to do.</param>
    public static void Update<TRule>(ReadOnlySpan<UpdateTarget> targets, float gradientScale, TRule rule) where TRule : unmanaged, IUpdateRule
    {
        if (targets.IsEmpty) return;
        var cpu = CpuDevice.Of(targets[0].Weight, OpProfile.Update);
        cpu.WeightsChanged();
        var pieces = (Piece*)cpu.Working.Get(targets.Length * sizeof(Piece));
        int count = 0;
        long tiles = 0;
        foreach (ref readonly var target in targets)
        {
            if (!target.Weight.HasGrad) continue;
            pieces[count++] = new Piece(target.Weight.Grad.F32(), target.Weight.F32(), target.First.F32(), target.Second.F32(), target.Weight.Count, tiles, target.Decay);
            tiles += Tiles(target.Weight.Count);
            cpu.Profile?.AddBytes(3 * target.Weight.ByteLength);   // weight and states are written too
        }
        cpu.Workers.Run(checked((int)tiles), new UpdateTiles<TRule>(pieces, count, gradientScale, rule));
    }

    /// <summary>√ Σ g² over the gradients of all <paramref name="weights"/> that have one, summed in double in an order that depends on the shapes alone.</summary>
    public static double GradientNorm(ReadOnlySpan<Tensor> weights)
    {
        if (weights.IsEmpty) return 0;
        var cpu = CpuDevice.Of(weights[0], OpProfile.GradientNorm);
        long tiles = 0;
        foreach (ref readonly var weight in weights) tiles += weight.HasGrad ? Tiles(weight.Count) : 0;
        var pieces = (Piece*)cpu.Working.Get(weights.Length * sizeof(Piece) + tiles * sizeof(double));
        var sums = (double*)(pieces + weights.Length);
        int count = 0;
        long first = 0;
        foreach (ref readonly var weight in weights)
        {
            if (!weight.HasGrad) continue;
            pieces[count++] = new Piece(weight.Grad.F32(), null, null, null, weight.Count, first, false);
            first += Tiles(weight.Count);
        }
        cpu.Workers.Run(checked((int)tiles), new SquareTiles(pieces, count, sums));
        double sum = 0;
        for (long i = 0; i < tiles; i++) sum += sums[i];
        return Math.Sqrt(sum);
    }

    private static long Tiles(long count) => (count + TileElements - 1) / TileElements;

    private readonly struct Piece(float* gradient, float* weight, float* first, float* second, long count, long firstTile, bool decay)
    {
        public readonly float* Gradient = gradient, Weight = weight, First = first, Second = second;
        public readonly long Count = count, FirstTile = firstTile;
        public readonly bool Decay = decay;

        /// <summary>The piece that a tile belongs to, by bisection.</summary>
        public static Piece* Of(Piece* pieces, int count, int tile)
        {
            int low = 0, high = count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (pieces[middle].FirstTile <= tile) low = middle;
                else high = middle - 1;
            }
            return pieces + low;
        }
    }

    private readonly struct UpdateTiles<TRule>(Piece* pieces, int count, float scale, TRule rule) : ITileBody where TRule : unmanaged, IUpdateRule
    {
        public void Run(int tile, int worker)
        {
            Piece* p = Piece.Of(pieces, count, tile);
            long start = (tile - p->FirstTile) * TileElements, end = Math.Min(start + TileElements, p->Count), i = start;
            for (; i + Vec.Count <= end; i += Vec.Count)
            {
                Vec w = Vector512.Load(p->Weight + i), m = Vector512.Load(p->First + i), v = Vector512.Load(p->Second + i);
                rule.Apply(Vector512.Load(p->Gradient + i) * scale, ref w, ref m, ref v, p->Decay);
                Vector512.Store(w, p->Weight + i);
                Vector512.Store(m, p->First + i);
                Vector512.Store(v, p->Second + i);
            }
            if (i < end) Tail(p, i, (int)(end - i));
        }

        private void Tail(Piece* p, long i, int rest)
        {
            Vec w = Elementwise.LoadPart(p->Weight + i, rest), m = Elementwise.LoadPart(p->First + i, rest), v = Elementwise.LoadPart(p->Second + i, rest);
            rule.Apply(Elementwise.LoadPart(p->Gradient + i, rest) * scale, ref w, ref m, ref v, p->Decay);
            Elementwise.StorePart(w, p->Weight + i, rest);
            Elementwise.StorePart(m, p->First + i, rest);
            Elementwise.StorePart(v, p->Second + i, rest);
        }
    }

    private readonly struct SquareTiles(Piece* pieces, int count, double* sums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            Piece* p = Piece.Of(pieces, count, tile);
            long start = (tile - p->FirstTile) * TileElements, end = Math.Min(start + TileElements, p->Count), i = start;
            Vector512<double> low = default, high = default;
            for (; i + Vec.Count <= end; i += Vec.Count)
            {
                var (a, b) = Vector512.Widen(Vector512.Load(p->Gradient + i));
                low += a * a;
                high += b * b;
            }
            double sum = Vector512.Sum(low + high);
            for (; i < end; i++) sum += (double)p->Gradient[i] * p->Gradient[i];
            sums[tile] = sum;
        }
    }
}
