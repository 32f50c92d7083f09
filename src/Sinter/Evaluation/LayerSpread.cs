namespace Sinter.Evaluation;

/// <summary>What one layer looks like at a step: a block's attention, a block's feed-forward part, or the embedding.</summary>
/// <param name="Name">Such as <c>block 3 attention</c>, blocks counted from 0.</param>
/// <param name="Activation">Of the residual stream after the layer.</param>
/// <param name="Gradient">Of the loss with respect to that stream, times the number of targets: the gradient of one token's loss.</param>
/// <param name="Share">What the layer adds ÷ the stream before it, by their root mean squares; null for the embedding.</param>
/// <param name="WeightGradient">Root mean square of the gradient of the loss with respect to the layer's matrices.</param>
public sealed record LayerSpread(string Name, Spread Activation, Spread Gradient, double? Share, double WeightGradient);
