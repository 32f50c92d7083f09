using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Dropout of attention weights inside a block. Blocks lie transposed, so in the mask of a sample a row is a head and a key, with room for whole
/// groups of queries.
/// </summary>
internal static unsafe class AttentionDropout
{
    /// <summary>
    /// Multiplies one key's weights of <paramref name="count"/> queries from <paramref name="query"/>, a multiple of 16, on; whole vectors of them.
    /// </summary>
    public static void Apply(in AttentionShape shape, float* weights, long batch, int head, long key, long query, int count)
    {
        long length = shape.DropoutKey.LongestSequence, groupsPerRow = (Math.Max(shape.Queries, length) + DropoutMask.Group - 1) / DropoutMask.Group;
        long first = (head * Math.Max(shape.Keys, length) + key) * groupsPerRow;
        var sample = (ulong)(shape.DropoutKey.FirstSample + batch);
        for (long group = query / DropoutMask.Group; group * DropoutMask.Group < query + count; group++)
        {
            shape.DropoutMask.Factors(sample, (ulong)(first + group), out var f0, out var f1, out var f2, out var f3);
            long column = group * DropoutMask.Group - query;
            Multiply(weights, column, count, f0);
            Multiply(weights, column + 16, count, f1);
            Multiply(weights, column + 32, count, f2);
            Multiply(weights, column + 48, count, f3);
        }
    }

    private static void Multiply(float* weights, long column, int count, Vec factor)
    {
        if (column >= 0 && column < count) Vector512.Store(Vector512.Load(weights + column) * factor, weights + column);
    }
}
