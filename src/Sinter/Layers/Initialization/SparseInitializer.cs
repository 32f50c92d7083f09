using Sinter.Options;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers.Initialization;

/// <summary>
/// Normal, with the same number of zeros for each input of the matrix: ⌈sparsity · fan out⌉ of its outputs, chosen at random. After Martens, "Deep
/// learning
/// via Hessian-free optimization" (2010), section 5, in the form of PyTorch's <c>sparse_</c>, which counts per column of outputs × inputs; Martens
/// counts the connections into each output.
/// </summary>
public sealed class SparseInitializer : Initializer
{
    /// <summary>The keys of <c>sparse</c> in recipes.</summary>
    public static OptionsSchema<SparseInitializer> Schema { get; } = OptionsSchema.Create<SparseInitializer>(
        "Normal, with the same number of zeros for each input (Martens, 2010).", static b =>
    {
        b.Number("sparsity", "The share of zeros among the weights of each input.", o => o.Sparsity, (o, v) => o.Sparsity = v, new NumberRange(0, 1));
        b.Number("std", "The standard deviation of the others.", o => o.Std, (o, v) => o.Std = v, NumberRange.NotNegative);
    });

    /// <inheritdoc/>
    public override string Name => "sparse";

    /// <summary>The share of zeros among the weights of each input, in [0, 1]; PyTorch has no default for it.</summary>
    public double Sparsity { get; set; } = 0.9;

    /// <summary>The standard deviation of the others.</summary>
    public double Std { get; set; } = 0.01;

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        RequireMatrix(spec);
        var random = new ParameterRandom(seed, spec.Name);
        var span = values.Span;
        random.Normal(span, 0, Std);
        int inputs = (int)spec.FanIn, outputs = (int)spec.FanOut, zeros = (int)Math.Ceiling(Sparsity * outputs);
        bool inputsFirst = spec.Layout == WeightLayout.InputsByOutputs;
        var keys = new ulong[outputs];
        var places = new int[outputs];
        for (int input = 0; input < inputs; input++)
        {
            for (int output = 0; output < outputs; output++)
            {
                places[output] = inputsFirst ? input * outputs + output : output * inputs + input;
                keys[output] = random.Bits(places[output]);
            }
            Array.Sort(keys, places);
            foreach (int place in places.AsSpan(0, zeros)) span[place] = 0;
        }
    }
}
