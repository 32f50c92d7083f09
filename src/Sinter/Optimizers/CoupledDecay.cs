namespace Sinter.Optimizers;

/// <summary>
/// Weight decay as in PyTorch's <c>weight_decay</c> of every optimizer but AdamW: λw is added to the gradient, after the clip and before everything else. It is the
/// gradient of a penalty ½λ‖w‖², but no penalty: it is in no loss and is not clipped. Momentum averages it, and an adaptive optimizer
/// divides it by the size of the gradients, so that weights with large gradients decay less; decoupled decay, w ← w(1 − αλ), does neither
/// (Loshchilov and Hutter, 2019). Biases and norms are not decayed.
/// </summary>
internal static class CoupledDecay
{
    public const string Description = "Weight decay of matrices, added to the gradient as PyTorch's (see adamw for decoupled decay).";
}
