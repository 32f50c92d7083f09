namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Dropout of attention weights inside a block: row (head, query) and column key of the sample's mask.</summary>
internal static unsafe class AttentionDropout
{
    public static void Apply(in AttentionShape shape, float* row, long batch, int head, long query, long key, int count) =>
        DropoutMask.Apply(shape.DropoutKey, shape.Dropout, batch, head * shape.Queries + query, key, row, count);
}
