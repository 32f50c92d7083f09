namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>Copies the columns of a role, [B, T, ..], into rows <paramref name="position"/> on of a cache [B, capacity, width], width columns each. Not recorded.</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void CopyColumns(HeadColumns source, Tensor cache, long position)
    {
        Shape from = source.Tensor.Shape, to = cache.Shape;
        if (from.Rank != 3 || to.Rank != 3 || from[0] != to[0] || position < 0 || position + from[1] > to[1] || source.Column + to[2] > from[2])
            throw new ArgumentException($"[copy_columns] {from} from column {source.Column} does not fit into {to} at position {position}.");
        CpuDevice.Of(cache, "copy_columns");
        for (long b = 0; b < from[0]; b++)
            for (long t = 0; t < from[1]; t++)
            {
                float* s = source.Tensor.F32() + (b * from[1] + t) * from[2] + source.Column;
                float* d = cache.F32() + (b * to[1] + position + t) * to[2];
                Buffer.MemoryCopy(s, d, to[2] * sizeof(float), to[2] * sizeof(float));
            }
    }
}
