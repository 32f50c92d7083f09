namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Rows of A as the micro-kernel reads them; strides in bytes.</summary>
/// <param name="first">The first row's first step.</param>
/// <param name="stripStride">From one tile's rows to the next tile's.</param>
/// <param name="rowStride">From row to row in a tile.</param>
/// <param name="stepStride">From step to step.</param>
internal readonly unsafe struct PackedRows(byte* first, long stripStride, long rowStride, long stepStride)
{
    public byte* First => first;

    public long StripStride => stripStride;

    public long RowStride => rowStride;

    public long StepStride => stepStride;
}
