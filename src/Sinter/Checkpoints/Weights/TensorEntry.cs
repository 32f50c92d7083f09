using System.Collections.Immutable;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>One tensor of a file: where it lies, not its values.</summary>
/// <param name="Name">The name, unique in its file.</param>
/// <param name="DType">The element type in the file.</param>
/// <param name="Shape">The dimensions; empty for a scalar.</param>
/// <param name="Offset">The position of its first element, in bytes from the start of the file.</param>
/// <param name="ByteLength">The number of bytes that its elements take.</param>
public record TensorEntry(string Name, DType DType, ImmutableArray<long> Shape, long Offset, long ByteLength)
{
    /// <summary>The number of elements.</summary>
    public long Elements => DType.Bits() >= 8 ? ByteLength / DType.Size() : (long)((Int128)ByteLength * 8 / DType.Bits());
}
