using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>A pickle's reference to a storage: elements that stand outside the pickle.</summary>
/// <param name="Key">Which storage.</param>
/// <param name="Type">The element type; null for bytes that the tensor gives a type.</param>
/// <param name="First">The first of the storage's elements that is meant (legacy views; else 0).</param>
/// <param name="Elements">The number of elements meant; of bytes where there is no type.</param>
/// <param name="Total">The number of elements, or bytes, of the storage.</param>
internal sealed record PyTorchStorage(string Key, DType? Type, long First, long Elements, long Total)
{
    /// <summary>Bytes of the storage; null where they pass any file's.</summary>
    public long? Bytes => Type is not { } type ? Total : Total <= long.MaxValue / type.Size() ? Total * type.Size() : null;
}

/// <summary>A tensor as a pickle describes it: a view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">The element type.</param>
/// <param name="Offset">The first element, in elements of the storage.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Strides">Elements from one index to the next, for each dimension.</param>
internal sealed record PyTorchTensor(PyTorchStorage Storage, DType Type, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether the elements lie one behind the other, in row-major order.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected && Count != 0) return false;
                expected *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>The distance from the first element to the last, plus one; 0 where there is none.</summary>
    public long Span
    {
        get
        {
            if (Count == 0) return 0;
            long span = 1;
            for (int i = 0; i < Shape.Length; i++) span += (Shape[i] - 1) * Strides[i];
            return span;
        }
    }
}
