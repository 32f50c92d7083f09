using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>A worker's blocks in the backward pass.</summary>
internal readonly unsafe struct BackwardScratch
{
    private const int Block = AttentionShape.QueryBlock;

    public readonly PackedRole Keys, Values;
    public readonly PackedQueries Queries, DOutput;

    /// <summary>Gradients of all keys and values, [keys, width], and of a block of queries.</summary>
    public readonly float* DK, DV, DQ;

    /// <summary>Of each panel of keys, whether its gradients have begun.</summary>
    public readonly bool* Reached;

    /// <summary>Scores, then probabilities, of a panel of keys, [rows of the micro-kernel, block].</summary>
    public readonly float* P;

    /// <summary>Gradients of the scores of a block in steps along the keys, [keys ÷ step length, block].</summary>
    public readonly uint* DScores;

    public readonly float* Dots, LogSums, Kept;
    public readonly int* Segments;
    public readonly long Bytes;

    /// <summary>Probabilities of a panel in steps along the queries.</summary>
    public readonly uint* PSteps;

    // In bfloat16: the gradients of a panel before and after they are packed along the queries.
    private readonly float* _gradients;
    private readonly uint* _dsSteps;

    /// <param name="gradients">Where the gradients of keys and values are; null is in the scratch memory.</param>
    public BackwardScratch(in AttentionShape s, byte* memory, float* gradients = null)
    {
        const int keys = AttentionShape.KeyBlock;
        int rows = s.Kernel.Rows;
        var at = new ScratchCursor(memory);
        Keys = new PackedRole(s, ref at, s.PaddedKeys);
        Values = new PackedRole(s, ref at, s.PaddedKeys, steps: false);
        DK = gradients != null ? gradients : at.Floats(2 * s.PaddedKeys * s.Width);
        DV = DK + s.PaddedKeys * s.Width;
        Reached = (bool*)at.Words(s.PaddedKeys / rows);
        Queries = new PackedQueries(s, ref at);
        DOutput = new PackedQueries(s, ref at);
        DQ = at.Floats((Block + rows) * s.Width);
        P = at.Floats(rows * Block);
        DScores = at.Words(keys / s.StepLength * Block);
        _gradients = s.IsBFloat16 ? at.Floats(rows * Block) : null;
        PSteps = s.IsBFloat16 ? at.Words(rows * Block / 2) : (uint*)P;
        _dsSteps = s.IsBFloat16 ? at.Words(rows * Block / 2) : null;
        Dots = at.Floats(Block);
        LogSums = at.Floats(Block);
        Kept = at.Floats(Block);
        Segments = (int*)at.Floats(Block);
        Bytes = at.Bytes;
    }

    /// <summary>Where the gradients of the scores of the panel at key <paramref name="k"/> of a block are made.</summary>
    public float* PanelGradients(in AttentionShape s, int k) => s.IsBFloat16 ? _gradients : (float*)DScores + k * Block;

    /// <summary>The same in steps along the queries.</summary>
    public uint* PanelGradientSteps(in AttentionShape s, int k) => s.IsBFloat16 ? _dsSteps : DScores + k * Block;

    /// <summary>
    /// Packs a panel, from query <paramref name="first"/> on, as its products take it: in float32 it lies so already. Of the gradients, a product for
    /// the queries reads up to a tile's rows before that: zeros.
    /// </summary>
    public void Pack(in AttentionShape s, int k, int first, int queries)
    {
        int rows = s.Kernel.Rows, steps = s.Steps(rows);
        uint* kept = DScores + k / s.StepLength * Block;
        if (first > 0)
            for (int i = 0; i < steps; i++) Vector512.Store(Vec.Zero, (float*)kept + i * Block + first - Vec.Count);
        if (!s.IsBFloat16) return;
        StepPacking.Rows(P, Block, rows, Block, PSteps, Block / 2);
        StepPacking.Rows(_gradients, Block, rows, Block, _dsSteps, Block / 2);
        for (int q = first; q < queries; q += Vec.Count) StepPacking.Column(_gradients + q, steps, kept + q);
    }

    /// <summary>Zero gradients for the panel of keys at <paramref name="key"/>.</summary>
    public void ClearGradients(in AttentionShape s, int key)
    {
        new Span<float>(DK + key * s.Width, s.Kernel.Rows * s.Width).Clear();
        new Span<float>(DV + key * s.Width, s.Kernel.Rows * s.Width).Clear();
    }
}
