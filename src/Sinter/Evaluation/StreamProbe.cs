using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Evaluation;

/// <summary>
/// Measures the residual stream, and its gradient: to the stream zeros are added that take a gradient, and what comes to them is the stream's own.
/// </summary>
internal sealed class StreamProbe : IStreamObserver
{
    private readonly List<(Spread Activation, double? Share, Tensor Zeros)> _points = [];
    private float[] _first = [], _last = [];

    /// <summary>How many places were seen.</summary>
    public int Count => _points.Count;

    /// <inheritdoc/>
    public Tensor Observe(Tensor x)
    {
        float[] now = x.ToArray();
        double? share = _last.Length == 0 ? null : Added(_last, now);
        if (_last.Length == 0) _first = now;
        _last = now;
        var zeros = x.Device.Zeros(x.Shape).WithGrad();
        _points.Add((Spread.Of(now), share, zeros));
        return Op.Add(x, zeros);
    }

    /// <summary>What all blocks added ÷ what they added it to.</summary>
    public double AddedByBlocks => Added(_first, _last);

    /// <summary>What was seen at a place, after the backward pass.</summary>
    public (Spread Activation, double? Share, Spread Gradient) At(int place) =>
        (_points[place].Activation, _points[place].Share, Spread.Of(_points[place].Zeros.Grad.Span));

    private static double Added(float[] before, float[] after)
    {
        var added = new float[after.Length];
        TensorPrimitives.Subtract(after, before, added);
        return Spread.Of(added).Rms / Spread.Of(before).Rms;
    }
}
