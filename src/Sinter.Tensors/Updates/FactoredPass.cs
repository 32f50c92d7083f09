using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>The passes of <see cref="FactoredUpdate"/> over matrices, in tiles of 64 rows and 1,024 columns, so that a tile's sums by column stay in the first-level cache.</summary>
internal unsafe struct FactoredPass<T> where T : unmanaged
{
    private const int TileRows = 64, TileColumns = 1024;

    private readonly T* _gradient, _weight;
    private readonly long _matrices, _rows, _columns, _rowBlocks, _columnBlocks;
    private double* _rowSums, _columnSums, _tileSums;   // [column block, M · N], [M · row block, C], [tile]
    private double* _rowFactors, _columnFactors;        // [M · N], [M · C]
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

    public readonly long WorkingBytes => sizeof(double) * (_matrices * (_rows * (_columnBlocks + 1) + _columns * (_rowBlocks + 1)) + Tiles);

    /// <summary>Takes working memory of <see cref="WorkingBytes"/>.</summary>
    public void Place(double* memory)
    {
        _rowSums = memory;
        _columnSums = _rowSums + _columnBlocks * _matrices * _rows;
        _rowFactors = _columnSums + _matrices * _rowBlocks * _columns;
        _columnFactors = _rowFactors + _matrices * _rows;
        _tileSums = _columnFactors + _matrices * _columns;
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
        _largestFactor = 1 / epsilon;
        for (long m = 0; m < _matrices; m++)
        {
            double mean = RowMeans(m, rowMeans, square / _columns, rule.Fresh) / _rows;
            for (long i = m * _rows; i < (m + 1) * _rows; i++) _rowFactors[i] = 1 / Math.Sqrt(DoubleLanes<T>.Get(rowMeans + i) / Math.Max(mean, epsilon));
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
        double* sums = _columnFactors + matrix * _columns;
        new Span<double>(sums, checked((int)_columns)).Clear();
        for (long b = 0; b < _rowBlocks; b++)
        {
            double* block = _columnSums + (matrix * _rowBlocks + b) * _columns;
            for (long j = 0; j < _columns; j++) sums[j] += block[j];
        }
        for (long j = 0; j < _columns; j++) sums[j] = 1 / Math.Sqrt(Advance(means + matrix * _columns + j, sums[j] * scale, fresh));
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
            double* columns = pass._columnSums + t.RowBlock * pass._columns + t.Column, rows = pass._rowSums + t.ColumnBlock * pass._matrices * pass._rows;
            new Span<double>(columns, (int)t.Columns).Clear();
            double weights = 0;
            for (long row = t.Row; row < t.Row + t.Rows; row++)
            {
                long first = row * pass._columns + t.Column;
                rows[row] = Row(pass._gradient + first, columns, t.Columns);
                weights += SquareSum(pass._weight + first, t.Columns);
            }
            pass._tileSums[tile] = weights;
        }

        private static double Row(T* gradient, double* columns, long count)
        {
            Vector512<double> sum = default;
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= count; j += DoubleLanes<T>.Count)
            {
                var g = DoubleLanes<T>.Load(gradient + j);
                sum = Vector512.FusedMultiplyAdd(g, g, sum);
                Vector512.Store(Vector512.FusedMultiplyAdd(g, g, Vector512.Load(columns + j)), columns + j);
            }
            double total = Vector512.Sum(sum);
            for (; j < count; j++)
            {
                double g = DoubleLanes<T>.Get(gradient + j);
                total += g * g;
                columns[j] += g * g;
            }
            return total;
        }

        private static double SquareSum(T* x, long count)
        {
            Vector512<double> sum = default;
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= count; j += DoubleLanes<T>.Count)
            {
                var v = DoubleLanes<T>.Load(x + j);
                sum = Vector512.FusedMultiplyAdd(v, v, sum);
            }
            double total = Vector512.Sum(sum);
            for (; j < count; j++) total += DoubleLanes<T>.Get(x + j) * DoubleLanes<T>.Get(x + j);
            return total;
        }
    }

    /// <summary>Sums of the squared update, before the clip factor.</summary>
    public readonly struct Lengths(FactoredPass<T> pass) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            var t = pass.At(tile);
            double* columns = pass._columnFactors + t.Matrix * pass._columns + t.Column;
            double sum = 0;
            for (long row = t.Row; row < t.Row + t.Rows; row++) sum += Row(pass._gradient + row * pass._columns + t.Column, pass._rowFactors[row], columns, t.Columns, pass._largestFactor);
            pass._tileSums[tile] = sum;
        }

        private static double Row(T* gradient, double row, double* columns, long count, double largest)
        {
            Vector512<double> sum = default, most = Vector512.Create(largest);
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= count; j += DoubleLanes<T>.Count)
            {
                var u = DoubleLanes<T>.Load(gradient + j) * Vector512.MinNative(Vector512.Load(columns + j) * row, most);
                sum = Vector512.FusedMultiplyAdd(u, u, sum);
            }
            double total = Vector512.Sum(sum);
            for (; j < count; j++)
            {
                double u = DoubleLanes<T>.Get(gradient + j) * Math.Min(columns[j] * row, largest);
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
            double* columns = pass._columnFactors + t.Matrix * pass._columns + t.Column;
            for (long row = t.Row; row < t.Row + t.Rows; row++)
            {
                long first = row * pass._columns + t.Column;
                Row(pass._gradient + first, pass._weight + first, pass._rowFactors[row], columns, t.Columns);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Row(T* gradient, T* weight, double row, double* columns, long count)
        {
            double largest = pass._largestFactor, step = pass.Step, shrink = pass.Shrink;
            Vector512<double> most = Vector512.Create(largest), steps = Vector512.Create(-step);
            long j = 0;
            for (; j + DoubleLanes<T>.Count <= count; j += DoubleLanes<T>.Count)
            {
                var u = DoubleLanes<T>.Load(gradient + j) * Vector512.MinNative(Vector512.Load(columns + j) * row, most);
                DoubleLanes<T>.Store(Vector512.FusedMultiplyAdd(u, steps, DoubleLanes<T>.Load(weight + j) * shrink), weight + j);
            }
            for (; j < count; j++)
            {
                double u = DoubleLanes<T>.Get(gradient + j) * Math.Min(columns[j] * row, largest);
                DoubleLanes<T>.Set(weight + j, DoubleLanes<T>.Get(weight + j) * shrink - step * u);
            }
        }
    }
}
