namespace Sinter.Tensors.Ops;

/// <summary>What <see cref="Op.LowRankLinear"/> adds to a linear layer: scale · (z · Aᵀ) · Bᵀ.</summary>
/// <param name="A">A, [R, inputs].</param>
/// <param name="B">B, [outputs, R].</param>
/// <param name="Scale">The factor.</param>
public readonly record struct LowRankFactors(Tensor A, Tensor B, float Scale)
{
    /// <summary>z, of the shape of the layer's input: that with dropout. None is the layer's input itself.</summary>
    public Tensor Input { get; init; }

    /// <summary>Multiplies each output before the bias is added, [outputs]; none is 1.</summary>
    public Tensor Gain { get; init; }

    internal void Check(string op, Tensor x, long inputs, long outputs)
    {
        A.Live(op);
        B.Live(op);
        if (A.Shape.Rank != 2 || A.Shape[1] != inputs) throw new ArgumentException($"[{op}] A {A.Shape} is not [R, {inputs}].");
        if (B.Shape.Rank != 2 || B.Shape[0] != outputs || B.Shape[1] != A.Shape[0])
            throw new ArgumentException($"[{op}] B {B.Shape} is not [{outputs}, {A.Shape[0]}], as A {A.Shape} needs.");
        if (!Input.IsNone && Input.Shape != x.Shape) throw new ArgumentException($"[{op}] what A reads {Input.Shape} is not of x's shape {x.Shape}.");
        if (!Gain.IsNone && (Gain.Shape.Rank != 1 || Gain.Shape[0] != outputs)) throw new ArgumentException($"[{op}] the gain {Gain.Shape} is not [{outputs}].");
    }
}
