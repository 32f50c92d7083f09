using Sinter.Checkpoints;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Averaging;

/// <summary>What averages of weights share: a second set of weights, in float32, and how many were taken up.</summary>
/// <param name="parameters">The weights.</param>
public abstract class WeightAverage(IReadOnlyList<Parameter> parameters) : IWeightAverage
{
    private readonly Tensor[] _averages = [.. parameters.Select(p => p.Value.Device.Parameter(p.Value.Shape, requiresGrad: false))];
    private long _count;

    /// <inheritdoc/>
    public void Observe(long step)
    {
        if (Begins(step)) _count = 0;
        if (Share(step, _count) is not { } share) return;
        for (int i = 0; i < _averages.Length; i++) WeightBlend.Blend(_averages[i], parameters[i].Value, share);
        _count++;
    }

    /// <inheritdoc/>
    /// <remarks>Before the first weights were taken up there is no average, and nothing is put anywhere.</remarks>
    public IDisposable Swap() => new Swapped(_count > 0 ? this : null);

    /// <inheritdoc/>
    public unsafe void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("count", _count);
        for (int i = 0; i < _averages.Length && _count > 0; i++)
            state.Tensor("average." + parameters[i].Name, DType.Float32, ModelFolder.Extents(_averages[i].Shape), _averages[i].Pointer);
    }

    /// <inheritdoc/>
    public unsafe void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _count = state.Integer("count");
        for (int i = 0; i < _averages.Length && _count > 0; i++)
            state.Tensor("average." + parameters[i].Name, DType.Float32, ModelFolder.Extents(_averages[i].Shape), _averages[i].Pointer);
    }

    /// <summary>The share of the weights of <paramref name="step"/> in the new average; null takes nothing up.</summary>
    /// <param name="step">The step.</param>
    /// <param name="count">Weights taken up before.</param>
    protected abstract double? Share(long step, long count);

    /// <summary>Whether what was taken up before <paramref name="step"/> is to be forgotten.</summary>
    protected virtual bool Begins(long step) => false;

    private void Exchange()
    {
        for (int i = 0; i < _averages.Length; i++) WeightBlend.Exchange(parameters[i].Value, _averages[i]);
    }

    private sealed class Swapped : IDisposable
    {
        private WeightAverage? _average;

        public Swapped(WeightAverage? average)
        {
            _average = average;
            average?.Exchange();
        }

        public void Dispose()
        {
            _average?.Exchange();
            _average = null;
        }
    }
}
