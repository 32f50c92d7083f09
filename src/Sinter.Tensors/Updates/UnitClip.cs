using System.Runtime.Intrinsics;
using Sinter.Tensors.Profiling;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>
/// Adaptive gradient clipping (Brock, De, Smith and Simonyan, 2021, "High-performance large-scale image recognition without normalization", equation 3): a unit's
/// gradient g becomes g · λ · max(‖w‖, ε) ÷ ‖g‖ where ‖g‖ is not below λ · max(‖w‖, ε). A unit is what one output of a linear layer adds up, or one row of an embedding.
/// </summary>
/// <remarks>Norms are in double, in an order that depends on the shape alone. The division has 10⁻⁶ as the least ‖g‖, as the authors' and timm's have.</remarks>
public static unsafe class UnitClip
{
    private const int TileElements = 16 * 1024, StripeWidth = 64;

    /// <summary>Clips the gradient of a weight.</summary>
    /// <param name="weight">The weight [R, C] or [n], with its gradient; of another rank, the first extent counts the units.</param>
    /// <param name="unitIsColumn">Whether a unit of a matrix is a column (weights that lie inputs × outputs) rather than a row.</param>
    /// <param name="lambda">The largest ratio of the norms.</param>
    /// <param name="epsilon">The least norm of a unit's weights, so that those at zero can move.</param>
    /// <returns>Σ g² afterwards.</returns>
    public static double Apply(Tensor weight, bool unitIsColumn, double lambda, double epsilon)
    {
        var cpu = CpuDevice.Of(weight, OpProfile.Clip);
        long rows = weight.Shape.Rank <= 1 ? 1 : weight.Shape[0], columns = weight.Count / Math.Max(1, rows);
        if (weight.Count == 0) return 0;
        cpu.Profile?.AddBytes(weight.ByteLength);
        float* gradient = weight.Grad.F32();
        var units = new Units(gradient, weight.F32(), rows, columns, lambda, epsilon);
        long perTile = unitIsColumn ? StripeWidth : Math.Max(1, TileElements / columns);
        int tiles = checked((int)(((unitIsColumn ? columns : rows) + perTile - 1) / perTile));
        var sums = (double*)cpu.Working.Get((long)tiles * sizeof(double));
        if (unitIsColumn) cpu.Workers.Run(tiles, new ColumnTiles(units, sums));
        else cpu.Workers.Run(tiles, new RowTiles(units, perTile, sums));
        double sum = 0;
        for (int i = 0; i < tiles; i++) sum += sums[i];
        return sum;
    }

    private readonly struct Units(float* gradient, float* weight, long rows, long columns, double lambda, double epsilon)
    {
        public readonly float* Gradient = gradient, Weight = weight;
        public readonly long Rows = rows, Columns = columns;

        /// <summary>The factor of a unit, from the squares of both norms.</summary>
        public float Factor(double gradientSquares, double weightSquares)
        {
            double norm = Math.Sqrt(gradientSquares), limit = lambda * Math.Max(Math.Sqrt(weightSquares), epsilon);
            return norm < limit ? 1 : (float)(limit / Math.Max(norm, 1e-6));
        }
    }

    private readonly struct RowTiles(Units units, long perTile, double* sums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long first = tile * perTile, end = Math.Min(first + perTile, units.Rows);
            double sum = 0;
            for (long row = first; row < end; row++)
            {
                float* g = units.Gradient + row * units.Columns;
                double squares = SquaresPass.Sum(g, units.Columns);
                float factor = units.Factor(squares, SquaresPass.Sum(units.Weight + row * units.Columns, units.Columns));
                ScalePass.Apply(g, units.Columns, factor);
                sum += (double)factor * factor * squares;
            }
            sums[tile] = sum;
        }
    }

    /// <summary>A stripe of columns, all rows of it: each row is a few cache lines, and no sum crosses a tile.</summary>
    private readonly struct ColumnTiles(Units units, double* sums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long first = (long)tile * StripeWidth;
            int width = (int)Math.Min(StripeWidth, units.Columns - first);
            double* squares = stackalloc double[StripeWidth], weights = stackalloc double[StripeWidth];
            float* factors = stackalloc float[StripeWidth];
            new Span<double>(squares, StripeWidth).Clear();
            new Span<double>(weights, StripeWidth).Clear();
            for (long row = 0; row < units.Rows; row++)
            {
                AddSquares(units.Gradient + row * units.Columns + first, squares, width);
                AddSquares(units.Weight + row * units.Columns + first, weights, width);
            }
            double sum = 0;
            bool isClipped = false;
            for (int j = 0; j < width; j++)
            {
                factors[j] = units.Factor(squares[j], weights[j]);
                isClipped |= factors[j] != 1;
                sum += (double)factors[j] * factors[j] * squares[j];
            }
            sums[tile] = sum;
            for (long row = 0; isClipped && row < units.Rows; row++) Multiply(units.Gradient + row * units.Columns + first, factors, width);
        }

        private static void AddSquares(float* x, double* sums, int width)
        {
            int j = 0;
            for (; j + Vec.Count <= width; j += Vec.Count)
            {
                Vector512<double> low = Vector512.Load(sums + j), high = Vector512.Load(sums + j + 8);
                SquaresPass.Add(Vector512.Load(x + j), ref low, ref high);
                Vector512.Store(low, sums + j);
                Vector512.Store(high, sums + j + 8);
            }
            for (; j < width; j++) sums[j] += (double)x[j] * x[j];
        }

        private static void Multiply(float* x, float* factors, int width)
        {
            int j = 0;
            for (; j + Vec.Count <= width; j += Vec.Count) Vector512.Store(Vector512.Load(x + j) * Vector512.Load(factors + j), x + j);
            for (; j < width; j++) x[j] *= factors[j];
        }
    }
}
