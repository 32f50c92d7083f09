using System.Collections.Immutable;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>A tensor of a PyTorch file: a view of a storage.</summary>
internal sealed record PyTorchEntry(string Name, DType DType, ImmutableArray<long> Shape, long Offset, long ByteLength, PyTorchTensor Tensor, StoredBytes Storage)
    : TensorEntry(Name, DType, Shape, Offset, ByteLength);
