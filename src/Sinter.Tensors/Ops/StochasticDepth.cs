namespace Sinter.Tensors.Ops;

public static partial class Op
{
    /// <summary>
    /// residual + x · b ÷ (1 − probability), where b is 0 for a sample with the given probability, else 1 (Huang et al., "Deep networks with
    /// stochastic
    /// depth", 2016). Scaled in training, so that nothing is scaled afterwards: <c>torchvision.ops.stochastic_depth</c> with mode <c>row</c>; the
    /// paper scales by 1 − probability afterwards. b is a function of the key and the sample. Shapes: x and residual [B, ..., C], B the samples.
    /// </summary>
    /// <param name="x">The branch.</param>
    /// <param name="probability">Of dropping the branch of a sample, in [0, 1).</param>
    /// <param name="key">What b depends on.</param>
    /// <param name="residual">What the branch is added to.</param>
    /// <exception cref="ArgumentException">A probability out of range, or shapes that do not fit.</exception>
    public static Tensor StochasticDepth(Tensor x, float probability, DropoutKey key, Tensor residual)
    {
        const string op = "stochastic_depth";
        if (!(probability >= 0 && probability < 1)) throw new ArgumentException($"[{op}] the probability {probability} is not in [0, 1).");
        if (x.Shape.Rank < 2) throw new ArgumentException($"[{op}] x needs a dimension of samples and one of columns, and is {x.Shape}.");
        CheckSame(op, x, residual);
        if (probability == 0 || x.Count == 0) return Add(residual, x);
        var factors = CpuDevice.Of(x, op).Empty(x.Shape.WithLast(1));
        int rows = checked((int)(factors.Count / x.Shape[0]));
        float kept = (float)(1 / (1 - (double)probability));
        for (int sample = 0; sample < x.Shape[0]; sample++)
            factors.Span.Slice(sample * rows, rows).Fill(IsDropped(key, sample, probability) ? 0 : kept);
        return Add(residual, Multiply(x, factors));
    }

    private static bool IsDropped(DropoutKey key, int sample, float probability) =>
        Philox.Block(key.Mixed, 0, (ulong)(key.FirstSample + sample)).X0 < (uint)(probability * 4294967296.0);
}
