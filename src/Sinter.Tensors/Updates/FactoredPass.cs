using System.Numerics;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>The passes of <see cref="FactoredUpdate"/> over matrices, in tiles of 64 rows and 1,024 columns, so that a tile's sums by column stay in the first-level cache.</summary>
internal unsafe struct FactoredPass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int TileRows = 64, TileColumns = 1024, Strip = 64;

    private readonly T* _gradient, _weight;
    private readonly long _matrices, _rows, _columns, _rowBlocks, _columnBlocks;
    private double* _rowSums, _tileSums;           // [column block, M · N], [tile]
    private T* _columnSums;                        // [M · row block, C]
    private T* _rowFactors, _columnFactors;        // [M · N], [M · C]
    private double _largestFactor;

    /// <summary>Factor of the update.</summary>
    public double Step;

    /// <summary>Factor of the weight.</summary>
    public double Shrink;

    public FactoredPass(Shape shape, T* gradient, T* weight)
    {
        _gradient = gradient;
        _weight = weight;
        (_rows, _columns) = (shape[-2], shape[-1]);
        _matrices = shape.Count / (_rows * _columns);
        _rowBlocks = (_rows + TileRows - 1) / TileRows;
        _columnBlocks = (_columns + TileColumns - 1) / TileColumns;
    }

    public readonly int Tiles => checked((int)(_matrices * _rowBlocks * _columnBlocks));

    public readonly long WorkingBytes => sizeof(double) * (_matrices * _rows * _columnBlocks + Tiles) + sizeof(T) * _matrices * (_columns * (_rowBlocks + 1) + _rows);

    /// <summary>Takes working memory of <see cref="WorkingBytes"/>.</summary>
    public void Place(double* memory)
    {
        _rowSums = memory;
        _tileSums = _rowSums + _columnBlocks * _matrices * _rows;
        _columnSums = (T*)(_tileSums + Tiles);
        _rowFactors = _columnSums + _matrices * _rowBlocks * _columns;
        _columnFactors = _rowFactors + _matrices * _rows;
    }

    /// <summary>The sum of what the tiles of a pass have left.</summary>
    public readonly double Total()
    {
        double sum = 0;
        for (int i = 0; i < Tiles; i++) sum += _tileSums[i];
        return sum;
    }

    /// <summary>Brings the running means up to date and makes the factors of the update of them.</summary>
    public void Factor(T* rowMeans, T* columnMeans, in FactoredRule rule)
    {
        double epsilon = rule.Epsilon1 ?? DoubleLanes<T>.Epsilon, square = rule.GradientScale * rule.GradientScale;
        _largestFactor = Math.Min(1 / epsilon, 1e38);   // of float32 too: 0 · ∞ would be no number
        for (long m = 0; m < _matrices; m++)
        {
            double mean = RowMeans(m, rowMeans, square / _columns, rule.Fresh) / _rows;
            for (long i = m * _rows; i < (m + 1) * _rows; i++) _rowFactors[i] = T.CreateTruncating(1 / Math.Sqrt(DoubleLanes<T>.Get(rowMeans + i) / Math.Max(mean, epsilon)));
            ColumnMeans(m, columnMeans, square / _rows, rule.Fresh);
        }
    }

    private readonly double RowMeans(long matrix, T* means, double scale, double fresh)
    {
        double all = 0;
        for (long i = matrix * _rows; i < (matrix + 1) * _rows; i++)
        {
            double sum = 0;
            for (long b = 0; b < _columnBlocks; b++) sum += _rowSums[b * _matrices * _rows + i];
            all += Advance(means + i, sum * scale, fresh);
        }
        return all;
    }

    private readonly void ColumnMeans(long matrix, T* means, double scale, double fresh)
    {
        T* factors = _columnFactors + matrix * _columns, first = _columnSums + matrix * _rowBlocks * _columns;
        double* sums = stackalloc double[Strip];
        for (long strip = 0; strip < _columns; strip += Strip)
        {
            long end = Math.Min(strip + Strip, _columns);
            new Span<double>(sums, Strip).Clear();
            for (long b = 0; b < _rowBlocks; b++)
                for (long j = strip; j < end; j++) sums[j - strip] += DoubleLanes<T>.Get(first + b * _columns + j);
            for (long j = strip; j < end; j++) factors[j] = T.CreateTruncating(1 / Math.Sqrt(Advance(means + matrix * _columns + j, sums[j - strip] * scale, fresh)));
        }
    }

    /// <summary>Moves a running mean and returns it as it was stored.</summary>
    private static double Advance(T* mean, double value, double fresh)
    {
        double old = DoubleLanes<T>.Get(mean);
        DoubleLanes<T>.Set(mean, old + (value - old) * fresh);
        return DoubleLanes<T>.Get(mean);
    }

    private readonly Tile At(int tile)
    {
        var (rest, columnBlock) = Math.DivRem(tile, _columnBlocks);
        var (matrix, rowBlock) = Math.DivRem(rest, _rowBlocks);
        long firstRow = rowBlock * TileRows, firstColumn = columnBlock * TileColumns;
        return new Tile(matrix * _rows + firstRow, Math.Min(TileRows, _rows - firstRow), matrix, rest, columnBlock, firstColumn, Math.Min(TileColumns, _columns - firstColumn));
    }

    /// <param name="Row">The first row, counted over all matrices.</param>
    /// <param name="Rows">Rows of the tile.</param>
    /// <param name="Matrix">The matrix.</param>
    /// <param name="RowBlock">The block of rows, counted over all matrices.</param>
    /// <param name="ColumnBlock">The block of columns.</param>
    /// <param name="Column">The first column.</param>
    /// <param name="Columns">Columns of the tile.</param>
    private readonly record struct Tile(long Row, long Rows, long Matrix, long RowBlock, long ColumnBlock, long Column, long Columns);

    /// <summary>Sums of squared gradients by row and column, and of squared weights.</summary>
    public readonly struct Squares(FactoredPass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var t = pass.At(tile);
            T* columns = pass._columnSums + t.RowBlock * pass._columns + t.Column;
            double* rows = pass._rowSums + t.ColumnBlock * pass._matrices * pass._rows;
            new Span<T>(columns, (int)t.Columns).Clear();
            double weights = 0;
            for (long row = t.Row; row < t.Row + t.Rows; row++)
            {
                long first = row * pass._columns + t.Column;
                (rows[row], double weight) = Row(pass._gradient + first, pass._weight + first, columns, t.Columns);
                weights += weight;
            }
            pass._tileSums[tile] = weights;
        }

        private static (double Gradient, double Weight) Row(T* gradient, T* weight, T* columns, long count)
        {
            Vector512<T> gradients = default, weights = default;
            long j = 0;
            for (; j + Vector512<T>.Count <= count; j += Vector512<T>.Count)
            {
                Vector512<T> g = Vector512.Load(gradient + j), w = Vector512.Load(weight + j);
                gradients = UpdateMath.MultiplyAdd(g, g, gradients);
                weights = UpdateMath.MultiplyAdd(w, w, weights);
                Vector512.Store(UpdateMath.MultiplyAdd(g, g, Vector512.Load(columns + j)), columns + j);
            }
            double ofGradient = double.CreateTruncating(Vector512.Sum(gradients)), ofWeight = double.CreateTruncating(Vector512.Sum(weights));
            for (; j < count; j++)
            {
                double g = DoubleLanes<T>.Get(gradient + j), w = DoubleLanes<T>.Get(weight + j);
                (ofGradient, ofWeight) = (ofGradient + g * g, ofWeight + w * w);
                columns[j] += gradient[j] * gradient[j];
            }
            return (ofGradient, ofWeight);
        }
    }

    /// <summary>Sums of the squared update, before the clip factor.</summary>
    public readonly struct Lengths(FactoredPass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var t = pass.At(tile);
            T* columns = pass._columnFactors + t.Matrix * pass._columns + t.Column;
            double sum = 0;
            for (long row = t.Row; row < t.Row + t.Rows; row++)
                sum += Row(pass._gradient + row * pass._columns + t.Column, pass._rowFactors[row], columns, t.Columns, T.CreateTruncating(pass._largestFactor));
            pass._tileSums[tile] = sum;
        }

        private static double Row(T* gradient, T row, T* columns, long count, T largest)
        {
            Vector512<T> sum = default, most = Vector512.Create(largest), factor = Vector512.Create(row);
            long j = 0;
            for (; j + Vector512<T>.Count <= count; j += Vector512<T>.Count)
            {
                var u = Vector512.Load(gradient + j) * Vector512.MinNative(Vector512.Load(columns + j) * factor, most);
                sum = UpdateMath.MultiplyAdd(u, u, sum);
            }
            double total = double.CreateTruncating(Vector512.Sum(sum));
            for (; j < count; j++)
            {
                double u = double.CreateTruncating(gradient[j] * T.Min(columns[j] * row, largest));
                total += u * u;
            }
            return total;
        }
    }

    /// <summary>The update itself.</summary>
    public readonly struct Apply(FactoredPass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var t = pass.At(tile);
            T* columns = pass._columnFactors + t.Matrix * pass._columns + t.Column;
            T largest = T.CreateTruncating(pass._largestFactor), step = T.CreateTruncating(-pass.Step), shrink = T.CreateTruncating(pass.Shrink);
            for (long row = t.Row; row < t.Row + t.Rows; row++)
            {
                long first = row * pass._columns + t.Column;
                Row(pass._gradient + first, pass._weight + first, pass._rowFactors[row], columns, t.Columns, largest, step, shrink);
            }
        }

        private static void Row(T* gradient, T* weight, T row, T* columns, long count, T largest, T step, T shrink)
        {
            Vector512<T> most = Vector512.Create(largest), steps = Vector512.Create(step), factor = Vector512.Create(row), keep = Vector512.Create(shrink);
            long j = 0;
            for (; j + Vector512<T>.Count <= count; j += Vector512<T>.Count)
            {
                var u = Vector512.Load(gradient + j) * Vector512.MinNative(Vector512.Load(columns + j) * factor, most);
                Vector512.Store(UpdateMath.MultiplyAdd(u, steps, Vector512.Load(weight + j) * keep), weight + j);
            }
            for (; j < count; j++) weight[j] = weight[j] * shrink + step * (gradient[j] * T.Min(columns[j] * row, largest));
        }
    }
}
