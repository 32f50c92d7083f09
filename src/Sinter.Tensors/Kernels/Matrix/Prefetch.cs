namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Has the micro-kernel fetch a rectangle of memory into the second-level cache, an address with each step: the next piece of a factor, whose rows lie too far apart
/// for the processor to foresee. In one go so many addresses would wait for each other, and what comes after them for all.
/// </summary>
internal unsafe struct Prefetch
{
    private const int Line = 64;
    private const long WorthIt = 1 << 19;   // bytes of a factor: a smaller one is in the cache already
    private readonly byte* _first;
    private readonly long _stride, _rowBytes, _rows;
    private readonly int _steps;
    private long _row, _offset;

    private Prefetch(byte* first, long stride, long rowBytes, long rows, int steps)
    {
        _first = first;
        (_stride, _rowBytes, _rows, _steps) = (stride, rowBytes, rows, steps);
    }

    /// <summary>Whether there is nothing to fetch.</summary>
    public readonly bool IsNone => _rows == 0;

    private readonly bool WalksDown => _rows >= _steps;

    /// <summary>A piece of a factor of <paramref name="factorBytes"/> bytes, to be fetched while some tiles are multiplied.</summary>
    /// <param name="operand">The factor.</param>
    /// <param name="row">The piece's first row.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns; none, and nothing is fetched.</param>
    /// <param name="factorBytes">Bytes of the whole factor: a small one is not worth it.</param>
    /// <param name="steps">Steps of a tile.</param>
    /// <param name="tiles">Tiles to come.</param>
    public static Prefetch Of(MatrixOperand operand, long row, long column, int rows, int columns, long factorBytes, int steps, int tiles)
    {
        if (factorBytes < WorthIt || rows <= 0 || columns <= 0) return default;
        if (operand.Transposed) (rows, columns) = (columns, rows);
        byte* first = operand.Address(row, column);
        long rowBytes = (long)columns * operand.ElementSize;
        if (rows >= steps || operand.StrideBytes - rowBytes >= Line) return new Prefetch(first, operand.StrideBytes, rowBytes, rows, steps);
        long part = MatrixPlan.RoundUp((rows * operand.StrideBytes + tiles - 1) / tiles, Line);
        return new Prefetch(first, part, part, Math.Min(tiles, steps - 1), steps);
    }

    /// <summary>Gives the next tile what it shall fetch: a line of each row on the way down, or a row.</summary>
    public void Next(ref KernelArguments x)
    {
        x.Fetch = null;
        x.FetchStride = 0;
        if (_row >= _rows) return;
        x.Fetch = _first + _row * _stride + _offset;
        x.FetchStride = WalksDown ? _stride : (_rowBytes + _steps - 1) / _steps;
        _row += WalksDown ? _steps : 1;
        if (!WalksDown || _row < _rows || (_offset += Line) >= _rowBytes) return;
        _row = 0;
    }
}
