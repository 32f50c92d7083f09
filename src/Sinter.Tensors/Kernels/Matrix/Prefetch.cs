using System.Runtime.Intrinsics.X86;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Fetches a rectangle of memory into the second-level cache, a few lines at a time while something else is computed: the next piece of a factor, whose rows lie
/// too far apart for the processor to foresee.
/// </summary>
internal unsafe struct Prefetch
{
    private const int Line = 64;
    private const long WorthIt = 1 << 20;   // bytes of a factor: a smaller one is in some cache already
    private readonly long _stride;
    private readonly int _rowBytes, _perCall;
    private byte* _row;
    private int _rows, _offset;

    private Prefetch(byte* first, long stride, int rowBytes, int rows, int calls)
    {
        _row = first;
        (_stride, _rowBytes, _rows) = (stride, rowBytes, rows);
        int lines = (rowBytes + Line - 1) / Line * rows;
        _perCall = (lines + calls - 1) / Math.Max(1, calls);
    }

    /// <summary>A piece of a factor of <paramref name="factorBytes"/> bytes, to be fetched in <paramref name="calls"/> calls of <see cref="Next"/>.</summary>
    /// <param name="operand">The factor.</param>
    /// <param name="row">The piece's first row.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns; none, and nothing is fetched.</param>
    /// <param name="factorBytes">Bytes of the whole factor: a small one is not worth it.</param>
    /// <param name="calls">Calls to come.</param>
    public static Prefetch Of(MatrixOperand operand, long row, long column, int rows, int columns, long factorBytes, int calls)
    {
        if (factorBytes < WorthIt || rows <= 0 || columns <= 0 || !Sse.IsSupported) return default;
        if (operand.Transposed) (rows, columns) = (columns, rows);
        return new Prefetch(operand.Address(row, column), operand.StrideBytes, columns * operand.ElementSize, rows, calls);
    }

    /// <summary>Fetches the next lines.</summary>
    public void Next()
    {
        for (int i = 0; i < _perCall && _rows > 0; i++)
        {
            Sse.Prefetch1(_row + _offset);
            _offset += Line;
            if (_offset < _rowBytes) continue;
            _offset = 0;
            _rows--;
            _row += _stride;
        }
    }
}
