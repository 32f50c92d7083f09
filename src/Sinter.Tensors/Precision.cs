namespace Sinter.Tensors;

/// <summary>How matrix products multiply. Storage and sums are float32 in any case.</summary>
public enum Precision
{
    /// <summary>bfloat16 where the processor has instructions for it, else float32.</summary>
    Auto,
    /// <summary>float32 factors.</summary>
    Float32,
    /// <summary>Factors rounded to bfloat16 while they are packed.</summary>
    BFloat16,
}
