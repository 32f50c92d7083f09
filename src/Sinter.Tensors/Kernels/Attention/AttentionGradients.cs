namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Where the gradients of the three roles go, with the strides of the roles themselves; null where none is wanted.</summary>
internal unsafe struct AttentionGradients
{
    public float* Output, OutputGrad, LogSums, DQ, DK, DV;
    public bool AddQ, AddK, AddV;

    /// <summary>Where the gradient of a key goes.</summary>
    public readonly float* Keys(in AttentionShape s, long batch, int kvHead, long row) => DK + s.KeyOffset(batch, kvHead, row);

    /// <summary>Where the gradient of a value goes.</summary>
    public readonly float* Values(in AttentionShape s, long batch, int kvHead, long row) => DV + s.ValueOffset(batch, kvHead, row);
}
