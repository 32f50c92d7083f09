using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Dropout of attention weights inside a block. In the mask of a sample a row is a head and a query, with room for whole groups of keys.</summary>
internal static unsafe class AttentionDropout
{
    /// <summary>Multiplies the weights of <paramref name="count"/> keys from <paramref name="key"/> on, both multiples of 16.</summary>
    public static void Apply(in AttentionShape shape, float* row, long batch, int head, long query, long key, int count)
    {
        var mask = new DropoutMask(shape.DropoutKey.Mixed, shape.Dropout);
        long groupsPerRow = MatrixPlan.RoundUp(shape.PaddedKeys, DropoutMask.Group) / DropoutMask.Group, first = (head * shape.Queries + query) * groupsPerRow;
        for (long group = key / DropoutMask.Group; group * DropoutMask.Group < key + count; group++)
        {
            mask.Factors((ulong)(shape.DropoutKey.FirstSample + batch), (ulong)(first + group), out var f0, out var f1, out var f2, out var f3);
            long column = group * DropoutMask.Group - key;
            Multiply(row, column, count, f0);
            Multiply(row, column + 16, count, f1);
            Multiply(row, column + 32, count, f2);
            Multiply(row, column + 48, count, f3);
        }
    }

    private static void Multiply(float* row, long column, int count, Vec factor)
    {
        if (column >= 0 && column < count) Vector512.Store(Vector512.Load(row + column) * factor, row + column);
    }
}
