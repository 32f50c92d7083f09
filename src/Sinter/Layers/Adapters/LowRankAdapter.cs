using Sinter.Layers.Initialization;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Layers.Adapters;

/// <summary>
/// W + s · B · A with A [r, inputs] and B [outputs, r] trained (Hu et al., "LoRA: Low-rank adaptation of large language models", 2021, equation 3). A begins
/// as PyTorch's linear layers do (<c>kaiming_uniform_</c> with a = √5, that is within ±1 ÷ √inputs) and B as zeros, so the change begins as none.
/// </summary>
/// <remarks>
/// With a magnitude (Liu et al., "DoRA: Weight-decomposed low-rank adaptation", 2024, equation 5) the weight is m ∘ V ÷ ‖V‖ with V = W + s · B · A, ‖·‖ the
/// length of what leads to each output and m trained, from ‖W‖ on. The norm is a constant to the gradient, as their section 4.3 proposes. With dropout the
/// change alone reads the dropped input, and the layer's own product the whole one, as PEFT has it:
/// y = x · W + (m ÷ ‖V‖ − 1) ∘ (z · W) + m ÷ ‖V‖ ∘ s · z · Aᵀ · Bᵀ + b.
/// </remarks>
public sealed class LowRankAdapter : LinearAdapter
{
    /// <summary>The ends of the parameters' names, as PEFT has them.</summary>
    public const string AName = ".lora_A.weight", BName = ".lora_B.weight", MagnitudeName = ".lora_magnitude_vector";

    private readonly Dropout _dropout;
    private readonly Tensor _inverseNorms;
    private long _normsEpoch;
    private float[]? _mergedGain;

    /// <summary>Adds A, B and the magnitude to a model's parameters.</summary>
    /// <param name="layer">What is changed.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="spec">Rank and scale.</param>
    public LowRankAdapter(Linear layer, ParameterSet parameters, LowRankSpec spec) : base(layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(parameters);
        Spec = spec;
        double bound = 1 / Math.Sqrt(layer.Inputs);
        A = parameters.AddAdapter(this, layer.Path + AName, new Shape(spec.Rank, layer.Inputs), new UniformInitializer { Min = -bound, Max = bound });
        B = parameters.AddAdapter(this, layer.Path + BName, new Shape(layer.Outputs, spec.Rank), Initializer.Zeros);
        _dropout = new Dropout(layer.Path + ".lora_dropout", spec.Dropout);
        if (!spec.HasMagnitude) return;
        Magnitude = parameters.AddAdapter(this, layer.Path + MagnitudeName, new Shape(layer.Outputs), Initializer.Ones);
        _inverseNorms = parameters.Device.Parameter(Magnitude.Shape, requiresGrad: false);
    }

    /// <summary>Rank and scale.</summary>
    public LowRankSpec Spec { get; }

    /// <summary>A, [r, inputs].</summary>
    public Tensor A { get; }

    /// <summary>B, [outputs, r].</summary>
    public Tensor B { get; }

    /// <summary>m, [outputs], or none.</summary>
    public Tensor Magnitude { get; }

    private LowRankFactors Factors => new(A, B, (float)Spec.Scale);

    /// <inheritdoc/>
    public override void Begin()
    {
        if (Magnitude.IsNone || A.Device.IsRehearsal) return;
        Op.LowRankInverseNorms(Layer.Weight, Layer.Layout, Factors, _inverseNorms);
        Span<float> magnitude = Magnitude.Span, inverse = _inverseNorms.Span;
        for (int i = 0; i < magnitude.Length; i++) magnitude[i] = 1 / inverse[i];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, in ForwardContext context, Tensor residual)
    {
        bool drops = _dropout.IsOn(context);
        var z = _dropout.Forward(x, context);
        var y = Magnitude.IsNone ? Op.LowRankLinear(x, Layer.Weight, Layer.Bias, residual, Layer.Layout, Factors with { Input = drops ? z : default })
            : drops ? WithMagnitude(x, z, residual)
            : Op.LowRankLinear(x, Layer.Weight, Layer.Bias, residual, Layer.Layout, Factors with { Gain = Gain() });
        if (drops) z.Device.Tape.Drop(z);
        return y;
    }

    private Tensor WithMagnitude(Tensor x, Tensor z, Tensor residual)
    {
        var gain = Gain();
        var whole = Op.Linear(x, Layer.Weight, Layer.Bias, residual, Layer.Layout);
        var dropped = Op.LowRankLinear(z, Layer.Weight, default, whole, Layer.Layout, Factors with { Gain = gain });
        return Op.Subtract(dropped, Op.Linear(z, Layer.Weight, layout: Layer.Layout));
    }

    /// <summary>m ÷ ‖V‖. While weights are held still, the norms of the last call serve.</summary>
    private Tensor Gain()
    {
        long epoch = A.Device.HoldEpoch;
        if (epoch == 0 || epoch != _normsEpoch) Op.LowRankInverseNorms(Layer.Weight, Layer.Layout, Factors, _inverseNorms);
        _normsEpoch = epoch;
        return Op.Multiply(Magnitude, _inverseNorms);
    }

    /// <inheritdoc/>
    protected override void AddToWeight()
    {
        _mergedGain = Magnitude.IsNone ? null : MergedGain();
        AddChange(1);
        if (_mergedGain is { } gain) ScaleOutputs(gain);
    }

    /// <inheritdoc/>
    protected override void TakeFromWeight()
    {
        if (_mergedGain is { } gain) ScaleOutputs([.. gain.Select(g => 1 / g)]);
        AddChange(-1);
    }

    private float[] MergedGain()
    {
        using var scope = A.Device.Scope("merge");
        using var pause = A.Device.Tape.Pause();
        _normsEpoch = 0;
        return Gain().ToArray();
    }

    /// <summary>W += sign · s · B · A, with sums in double.</summary>
    private void AddChange(int sign)
    {
        bool turned = Layer.Layout == WeightLayout.InputsByOutputs;
        int inputs = Layer.Inputs, outputs = Layer.Outputs, rank = Spec.Rank;
        double[] a = [.. A.ToArray().Select(v => (double)v)], change = new double[inputs];
        Span<float> weight = Layer.Weight.Span, b = B.Span;
        for (int o = 0; o < outputs; o++)
        {
            Array.Clear(change);
            for (int k = 0; k < rank; k++)
                TensorPrimitives.MultiplyAdd(a.AsSpan(k * inputs, inputs), sign * Spec.Scale * b[o * rank + k], change, change);
            for (int i = 0; i < inputs; i++)
            {
                ref float w = ref weight[turned ? i * outputs + o : o * inputs + i];
                w = (float)(w + change[i]);
            }
        }
    }

    private void ScaleOutputs(float[] factors)
    {
        bool turned = Layer.Layout == WeightLayout.InputsByOutputs;
        var weight = Layer.Weight.Span;
        for (int at = 0; at < weight.Length; at++) weight[at] *= factors[turned ? at % Layer.Outputs : at / Layer.Inputs];
    }
}
