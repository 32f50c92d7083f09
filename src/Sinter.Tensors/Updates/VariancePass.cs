using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>The two passes of <see cref="FactoredUpdate"/> over a vector, whose second moment is whole.</summary>
internal unsafe struct VariancePass<T> where T : unmanaged
{
    private const int TileElements = 16 * 1024;

    private readonly T* _gradient, _weight, _variance;
    private readonly long _count;
    private readonly double _gradientScale, _fresh, _floor, _shrink;

    /// <summary>Per tile, the sum of squared weights and of the squared update.</summary>
    public double* Sums;

    /// <summary>Factor of the update.</summary>
    public double Step;

    public VariancePass(long count, T* gradient, T* weight, T* variance, in FactoredRule rule)
    {
        _gradient = gradient;
        _weight = weight;
        _variance = variance;
        _count = count;
        double epsilon = rule.Epsilon1 ?? DoubleLanes<T>.Epsilon;
        (_gradientScale, _fresh, _floor, _shrink) = (rule.GradientScale, rule.Fresh, epsilon * epsilon, rule.Shrink);
    }

    public readonly int Tiles => checked((int)((_count + TileElements - 1) / TileElements));

    public readonly (double Weight, double Update) Totals()
    {
        double weight = 0, update = 0;
        for (int i = 0; i < Tiles; i++) (weight, update) = (weight + Sums[2 * i], update + Sums[2 * i + 1]);
        return (weight, update);
    }

    private readonly (long Start, long End) Range(int tile) => ((long)tile * TileElements, Math.Min((tile + 1L) * TileElements, _count));

    private readonly double Update(long i) => DoubleLanes<T>.Get(_gradient + i) * _gradientScale / Math.Sqrt(Math.Max(DoubleLanes<T>.Get(_variance + i), _floor));

    private readonly Vector512<double> Updates(long i) =>
        DoubleLanes<T>.Load(_gradient + i) * _gradientScale / Vector512.Sqrt(Vector512.Max(DoubleLanes<T>.Load(_variance + i), Vector512.Create(_floor)));

    /// <summary>Brings the second moment up to date and sums the squares.</summary>
    public readonly struct Moments(VariancePass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (i, end) = pass.Range(tile);
            Vector512<double> weights = default, updates = default;
            for (; i + DoubleLanes<T>.Count <= end; i += DoubleLanes<T>.Count)
            {
                Vector512<double> g = DoubleLanes<T>.Load(pass._gradient + i) * pass._gradientScale, v = DoubleLanes<T>.Load(pass._variance + i), w = DoubleLanes<T>.Load(pass._weight + i);
                DoubleLanes<T>.Store(v + (g * g - v) * pass._fresh, pass._variance + i);
                var u = pass.Updates(i);
                weights += w * w;
                updates += u * u;
            }
            double weight = Vector512.Sum(weights), update = Vector512.Sum(updates);
            for (; i < end; i++)
            {
                double g = DoubleLanes<T>.Get(pass._gradient + i) * pass._gradientScale, v = DoubleLanes<T>.Get(pass._variance + i), w = DoubleLanes<T>.Get(pass._weight + i);
                DoubleLanes<T>.Set(pass._variance + i, v + (g * g - v) * pass._fresh);
                double u = pass.Update(i);
                weight += w * w;
                update += u * u;
            }
            (pass.Sums[2 * tile], pass.Sums[2 * tile + 1]) = (weight, update);
        }
    }

    /// <summary>The update itself.</summary>
    public readonly struct Apply(VariancePass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (i, end) = pass.Range(tile);
            for (; i + DoubleLanes<T>.Count <= end; i += DoubleLanes<T>.Count)
                DoubleLanes<T>.Store(DoubleLanes<T>.Load(pass._weight + i) * pass._shrink - pass.Updates(i) * pass.Step, pass._weight + i);
            for (; i < end; i++) DoubleLanes<T>.Set(pass._weight + i, DoubleLanes<T>.Get(pass._weight + i) * pass._shrink - pass.Update(i) * pass.Step);
        }
    }
}
