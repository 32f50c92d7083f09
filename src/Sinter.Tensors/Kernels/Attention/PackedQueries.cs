using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>A block of queries, or of their gradients, packed, and with the steps along the head in rows.</summary>
internal readonly unsafe struct PackedQueries
{
    public readonly PackedRole Packed;

    /// <summary>[steps of the head, block].</summary>
    public readonly uint* Turned;

    public PackedQueries(in AttentionShape s, ref ScratchCursor at, bool steps = true)
    {
        Packed = new PackedRole(s, ref at, AttentionShape.QueryBlock, steps: steps);
        Turned = at.Words(s.HeadSteps * AttentionShape.QueryBlock);
    }

    /// <summary>Packs <paramref name="queries"/> rows, as <see cref="PackedRole.Fill"/> does; in <see cref="Turned"/> zeros follow up to the micro-kernel's columns.</summary>
    public void Fill(in AttentionShape s, byte* source, long stride, int queries, int elementSize)
    {
        Packed.Fill(s, source, stride, queries, elementSize);
        int padded = (int)MatrixPlan.RoundUp(queries, s.Kernel.Columns);
        new Span<uint>(Packed.Rows + queries * s.RowStride, (padded - queries) * s.RowStride).Clear();
        Packing.Transpose(Packed.Rows, s.RowStride, padded, s.HeadSteps, Turned, AttentionShape.QueryBlock);
    }
}
