using System.Collections.Immutable;
using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>One tensor of a safetensors file: where it lies, not its values.</summary>
/// <param name="Name">The name, unique in its file.</param>
/// <param name="DType">The element type in the file.</param>
/// <param name="Shape">The dimensions; empty for a scalar.</param>
/// <param name="Offset">The position of the first byte, from the start of the file.</param>
/// <param name="ByteLength">The number of bytes in the file.</param>
public sealed record SafetensorsEntry(string Name, DType DType, ImmutableArray<long> Shape, long Offset, long ByteLength)
{
    /// <summary>The number of elements.</summary>
    public long Elements => ByteLength / DType.Size();
}
