namespace Sinter.Tensors.Kernels.Attention;

/// <summary>A worker's blocks in the forward pass.</summary>
internal readonly unsafe struct ForwardScratch
{
    public readonly PackedRole Keys, Values;
    public readonly PackedQueries Queries;

    /// <summary>[keys of a block, queries of a block]; in float32 the weights too.</summary>
    public readonly float* Scores;

    /// <summary>The weights in steps along the keys.</summary>
    public readonly uint* Weights;

    public readonly float* Output, Max, Sum, Decay;
    public readonly int* Segments;
    public readonly long Bytes;

    public ForwardScratch(in AttentionShape s, byte* memory)
    {
        const int block = AttentionShape.QueryBlock, keys = AttentionShape.KeyBlock;
        var at = new ScratchCursor(memory);
        Keys = new PackedRole(s, ref at, s.PaddedKeys, steps: false);
        Values = new PackedRole(s, ref at, s.PaddedKeys, rows: false);
        Queries = new PackedQueries(s, ref at, steps: false);
        Scores = at.Floats(keys * block);
        Weights = s.IsBFloat16 ? at.Words(keys / 2 * block) : (uint*)Scores;
        Output = at.Floats((block + s.Kernel.Rows) * s.Width);
        Max = at.Floats(block);
        Sum = at.Floats(block);
        Decay = at.Floats(block);
        Segments = (int*)at.Floats(block);
        Bytes = at.Bytes;
    }
}
