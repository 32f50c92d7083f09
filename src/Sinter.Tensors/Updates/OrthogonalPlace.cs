using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>The passes of <see cref="OrthogonalUpdate"/> over a part of a matrix and what its optimizer remembers of it, in tiles of rows.</summary>
/// <param name="gradient">The first gradient of the part.</param>
/// <param name="weight">Its first weight.</param>
/// <param name="mean">Its first mean of gradients.</param>
/// <param name="stride">Elements between rows of these three.</param>
/// <param name="rows">Rows of the part.</param>
/// <param name="columns">Its columns.</param>
internal unsafe struct OrthogonalPlace<T>(T* gradient, T* weight, T* mean, long stride, long rows, long columns) where T : unmanaged
{
    private const int TileRows = 16;

    /// <summary>Per tile, the sum of squares.</summary>
    public double* Sums;

    public readonly long Rows => rows;

    public readonly long Columns => columns;

    public static int Tiles(long rows) => checked((int)((rows + TileRows - 1) / TileRows));

    private readonly (long First, long End) Range(int tile) => ((long)tile * TileRows, Math.Min((tile + 1L) * TileRows, rows));

    /// <summary>Brings the mean up to date and writes what is to be orthogonalized to x, a row after the other.</summary>
    public readonly struct Momentum(OrthogonalPlace<T> place, T* x, double scale, double momentum, bool nesterov) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (row, end) = place.Range(tile);
            double sum = 0;
            for (; row < end; row++) sum += Row(place.Gradient(row), place.Mean(row), x + row * place.Columns);
            place.Sums[tile] = sum;
        }

        private double Row(T* g, T* m, T* y)
        {
            double fresh = 1 - momentum, keep = nesterov ? momentum : 1, sum = 0;
            var sums = Vector512<double>.Zero;
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= place.Columns; j += DoubleLanes<T>.Count)
            {
                var gradients = DoubleLanes<T>.Load(g + j) * scale;
                var means = DoubleLanes<T>.Load(m + j);
                means += (gradients - means) * fresh;
                DoubleLanes<T>.Store(means, m + j);
                gradients += (means - gradients) * keep;
                DoubleLanes<T>.Store(gradients, y + j);
                sums += gradients * gradients;
            }
            for (; j < place.Columns; j++)
            {
                double one = DoubleLanes<T>.Get(g + j) * scale, mean = DoubleLanes<T>.Get(m + j);
                mean += (one - mean) * fresh;
                DoubleLanes<T>.Set(m + j, mean);
                one += (mean - one) * keep;
                DoubleLanes<T>.Set(y + j, one);
                sum += one * one;
            }
            return sum + Vector512.Sum(sums);
        }
    }

    /// <summary>x ← factor · x.</summary>
    public readonly struct Scale(OrthogonalPlace<T> place, T* x, double factor) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (row, end) = place.Range(tile);
            T* i = x + row * place.Columns, last = x + end * place.Columns;
            for (; i + DoubleLanes<T>.Count <= last; i += DoubleLanes<T>.Count) DoubleLanes<T>.Store(DoubleLanes<T>.Load(i) * factor, i);
            for (; i < last; i++) DoubleLanes<T>.Set(i, DoubleLanes<T>.Get(i) * factor);
        }
    }

    /// <summary>weight ← shrink · weight − step · x.</summary>
    public readonly struct Apply(OrthogonalPlace<T> place, T* x, double step, double shrink) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var (row, end) = place.Range(tile);
            for (; row < end; row++) Row(place.Weight(row), x + row * place.Columns);
        }

        private void Row(T* w, T* y)
        {
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= place.Columns; j += DoubleLanes<T>.Count)
                DoubleLanes<T>.Store(DoubleLanes<T>.Load(w + j) * shrink - DoubleLanes<T>.Load(y + j) * step, w + j);
            for (; j < place.Columns; j++) DoubleLanes<T>.Set(w + j, DoubleLanes<T>.Get(w + j) * shrink - DoubleLanes<T>.Get(y + j) * step);
        }
    }

    private readonly T* Gradient(long row) => gradient + row * stride;

    private readonly T* Mean(long row) => mean + row * stride;

    private readonly T* Weight(long row) => weight + row * stride;
}

/// <summary>p ← aI + b · gram + c · p, of <paramref name="size"/> rows and columns; p comes as the square of the other.</summary>
internal readonly unsafe struct Polynomial<T>(T* gram, T* p, long size, (double A, double B, double C) coefficients) : ITileBody where T : unmanaged
{
    public const int TileRows = 16;

    public static int Tiles(long size) => checked((int)((size + TileRows - 1) / TileRows));

    public void Run(int tile, int worker)
    {
        long first = (long)tile * TileRows, end = Math.Min(first + TileRows, size), i = first * size;
        var (a, b, c) = coefficients;
        for (; i + DoubleLanes<T>.Count <= end * size; i += DoubleLanes<T>.Count)
            DoubleLanes<T>.Store(DoubleLanes<T>.Load(gram + i) * b + DoubleLanes<T>.Load(p + i) * c, p + i);
        for (; i < end * size; i++) DoubleLanes<T>.Set(p + i, DoubleLanes<T>.Get(gram + i) * b + DoubleLanes<T>.Get(p + i) * c);
        for (long row = first; row < end; row++) DoubleLanes<T>.Set(p + row * (size + 1), DoubleLanes<T>.Get(p + row * (size + 1)) + a);
    }
}

/// <summary>Rounds a square matrix to the eight significant bits of bfloat16 (Veltkamp, 1968: a product with 2⁴⁵ + 1 in float64 cuts the other 45 off).</summary>
internal readonly unsafe struct RoundToBFloat16<T>(T* matrix, long size) : ITileBody where T : unmanaged
{
    private const double Splitter = (1L << 45) + 1;

    public void Run(int tile, int worker)
    {
        long first = (long)tile * Polynomial<T>.TileRows * size, end = Math.Min(first + Polynomial<T>.TileRows * size, size * size);
        for (; first + DoubleLanes<T>.Count <= end; first += DoubleLanes<T>.Count)
        {
            var x = DoubleLanes<T>.Load(matrix + first);
            var wide = x * Splitter;
            DoubleLanes<T>.Store(wide - (wide - x), matrix + first);
        }
        for (; first < end; first++)
        {
            double x = DoubleLanes<T>.Get(matrix + first), wide = x * Splitter;
            DoubleLanes<T>.Set(matrix + first, wide - (wide - x));
        }
    }
}
