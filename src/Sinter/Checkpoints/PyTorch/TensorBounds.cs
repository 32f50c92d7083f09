using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Checks that a view lies within its storage.</summary>
internal static class TensorBounds
{
    /// <summary>The most dimensions of a tensor.</summary>
    public const int MaxRank = 64;

    /// <summary>The most elements of a tensor that repeats elements of its storage.</summary>
    private const long MostRepeated = 1 << 24;

    /// <summary>Refuses what reaches beyond <paramref name="available"/> elements, and what is far larger than they are.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="shape">Dimensions, from 0.</param>
    /// <param name="strides">As many, from 0.</param>
    /// <param name="offset">The first element.</param>
    /// <param name="available">Elements of the storage.</param>
    /// <exception cref="CheckpointException">It does not fit.</exception>
    public static void Check(string path, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long offset, long available)
    {
        Int128 count = 1, last = offset;
        foreach (long size in shape)
        {
            if (size != 0 && count > long.MaxValue / size) throw Beyond(path, shape, strides, offset, available);
            count *= size;
        }
        if (offset < 0 || offset > available) throw Beyond(path, shape, strides, offset, available);
        if (count == 0) return;
        for (int i = 0; i < shape.Length; i++) last += (Int128)(shape[i] - 1) * strides[i];
        if (last >= available) throw Beyond(path, shape, strides, offset, available);
        if (count > available && count > MostRepeated)
            throw PyTorchReader.Damaged(path, $"a tensor {Quoted.Shape(shape)} repeats the {available} elements of its storage over and over");
    }

    private static CheckpointException Beyond(string path, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long offset, long available) =>
        PyTorchReader.Damaged(path, $"a tensor {Quoted.Shape(shape)} with strides {Quoted.Shape(strides)} from element {offset} on "
            + $"reaches beyond the {available} elements of its storage");
}
