using Sinter.Tensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>How a model's weights are written.</summary>
public sealed record WeightSaving
{
    /// <summary>float32 in <c>model.safetensors</c>.</summary>
    public static WeightSaving Default { get; } = new();

    /// <summary>The format of the files.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.Safetensors;

    /// <summary>The element type: float32, bfloat16 or float16, to which weights are rounded.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>The most bytes of weights in one file; more are cut into shards with an index.</summary>
    public long MaxShardBytes { get; init; } = WeightsWriter.DefaultShardBytes;

    /// <summary>Hears the share that is written, from 0 to 1; null for nobody.</summary>
    public IProgress<double>? Progress { get; init; }
}
