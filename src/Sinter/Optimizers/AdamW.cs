using System.Runtime.Intrinsics;
using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019, algorithm 2): with clipped gradient g, m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
/// w ← w(1 − αλ) − α · m̂ ÷ (√v̂ + ε), where m̂ = m ÷ (1 − β₁ᵗ) and v̂ = v ÷ (1 − β₂ᵗ). λ applies to matrices alone.
/// </summary>
public sealed class AdamW : IOptimizer
{
    private readonly AdamWOptions _options;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly UpdateTarget[] _targets;
    private long _updates;

    /// <summary>Makes zero moments for every parameter.</summary>
    public AdamW(AdamWOptions options, IReadOnlyList<Parameter> parameters)
    {
        (_options, _parameters) = (options, parameters);
        _targets = [.. parameters.Select(p => new UpdateTarget(p.Value, Moment(p.Value), Moment(p.Value), p.IsMatrix))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, double gradientScale)
    {
        _updates++;
        var (beta1, beta2) = _options.Betas;
        double correction1 = 1 - Math.Pow(beta1, _updates), correction2 = 1 - Math.Pow(beta2, _updates);
        MultiTensor.Update(_targets, (float)gradientScale, new Rule
        {
            Beta2 = (float)beta2,
            Rest1 = (float)(1 - beta1),
            Rest2 = (float)(1 - beta2),
            StepSize = (float)(learningRate / correction1),
            RootScale = (float)(1 / Math.Sqrt(correction2)),
            Epsilon = (float)_options.Epsilon,
            Shrink = (float)(1 - learningRate * _options.WeightDecay),
        });
    }

    /// <inheritdoc/>
    public unsafe void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("updates", _updates);
        for (int i = 0; i < _targets.Length; i++)
        {
            long[] shape = LanguageModelFolder.Extents(_targets[i].Weight.Shape);
            state.Tensor("first." + _parameters[i].Name, DType.Float32, shape, _targets[i].First.Pointer);
            state.Tensor("second." + _parameters[i].Name, DType.Float32, shape, _targets[i].Second.Pointer);
        }
    }

    /// <inheritdoc/>
    public unsafe void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _updates = state.Integer("updates");
        for (int i = 0; i < _targets.Length; i++)
        {
            long[] shape = LanguageModelFolder.Extents(_targets[i].Weight.Shape);
            state.Tensor("first." + _parameters[i].Name, DType.Float32, shape, _targets[i].First.Pointer);
            state.Tensor("second." + _parameters[i].Name, DType.Float32, shape, _targets[i].Second.Pointer);
        }
    }

    private static Tensor Moment(Tensor weight) => weight.Device.Parameter(weight.Shape, requiresGrad: false);

    private struct Rule : IUpdateRule
    {
        public float Beta2, Rest1, Rest2, StepSize, RootScale, Epsilon, Shrink;

        public readonly void Apply(Vector512<float> g, ref Vector512<float> w, ref Vector512<float> m, ref Vector512<float> v, bool decay)
        {
            if (decay) w *= Shrink;
            m = Vector512.FusedMultiplyAdd(g - m, Vector512.Create(Rest1), m);
            v = Vector512.FusedMultiplyAdd(g * g, Vector512.Create(Rest2), v * Beta2);
            w -= StepSize * m / Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), Vector512.Create(RootScale), Vector512.Create(Epsilon));
        }
    }
}
