using Sinter.Tensors.Autodiff;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Starts a backward pass with a given gradient at a tensor.</summary>
internal static unsafe class OpProbe
{
    private static readonly BackwardFunction s_backward = entry =>
    {
        var target = entry.GradTarget(0, out bool add);
        ReadOnlySpan<float> gradient = entry[1].Span;
        for (int i = 0; i < gradient.Length; i++) target.Span[i] = (add ? target.Span[i] : 0) + gradient[i];
    };

    /// <summary>Backward from Σ y · gradient.</summary>
    public static void Backward(Tensor y, float[] gradient)
    {
        var loss = y.Device.Zeros(new Shape(1));
        y.Device.Tape.Record(s_backward, loss, y, y.Device.From(gradient));
        loss.Backward();
    }
}
