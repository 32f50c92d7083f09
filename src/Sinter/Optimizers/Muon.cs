using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// Muon (Jordan et al., 2024, "Muon: An optimizer for hidden layers in neural networks"): momentum whose matrix has all singular values brought near
/// to 1 by five Newton–Schulz iterations. It is for
/// the matrices of linear layers; embeddings, the head, biases and norms have AdamW. PyTorch's <c>torch.optim.Muon</c>, with two differences.
/// </summary>
/// <remarks>
/// <para>PyTorch rounds the iteration to bfloat16 whatever the weights are. Here products are in the device's precision (float32, or bfloat16
/// factors with float32 sums) and the iterate between them is
/// float32, so the result is nearer to the exact one: see <see cref="OrthogonalUpdate"/>.</para>
/// <para>The learning rate is adjusted by outputs ÷ inputs, which PyTorch takes for rows ÷ columns: for GPT-2's matrices, which lie as [inputs, outputs], PyTorch has it upside down.</para>
/// <para>Queries, keys and values in one matrix are orthogonalized as three unless <see cref="MuonOptions.Fused"/> says otherwise, as Jordan found
/// better: they are three maps, and one norm for all would
/// let the largest gradient among them leave the others small.</para>
/// <para>Learning rate: with <c>original</c> about 0.02, and AdamW's own below it under <c>adamw</c>; with <c>match_rms_adamw</c> (Liu et al., 2025) one that suits AdamW, for both. The schedule
/// moves both in proportion.</para>
/// </remarks>
public sealed class Muon : IOptimizer
{
    private readonly MuonOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly (Parameter Parameter, int Group)[] _matrices;
    private readonly ParameterState _means;
    private readonly IOptimizer _rest;

    /// <summary>Makes zero means for the matrices of linear layers and AdamW for everything else.</summary>
    public Muon(MuonOptions options, IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _groups) = (options, groups);
        _matrices = [.. groups.SelectMany((g, i) => g.Parameters.Where(p => p.Outputs is not null).Select(p => (p, i)))];
        _means = new ParameterState("mean", [.. _matrices.Select(m => m.Parameter)]);
        _rest = options.AdamW.Create([.. groups.Select(g => g with { Parameters = [.. g.Parameters.Where(p => p.Outputs is null)] })]);
    }

    /// <summary>Floating-point operations of an update in matrix products.</summary>
    public double OperationsPerUpdate => _matrices.Sum(m => Parts(m.Parameter).Sum(p => OrthogonalUpdate.Operations(p.Part, _options.Iterations)));

    /// <inheritdoc/>
    public void Update(double learningRate, double gradientScale, double? momentum = null)
    {
        foreach (var (i, (parameter, group)) in _matrices.Index())
        {
            if (!parameter.Value.HasGrad) continue;
            var step = new UpdateStep(0, learningRate * _groups[group].LearningRateFactor, _groups[group].WeightDecay ?? _options.WeightDecay, momentum);
            foreach (var (part, inputs, outputs) in Parts(parameter))
                OrthogonalUpdate.Run(parameter.Value, _means[i], part, _options.Rule(inputs, outputs, step, gradientScale));
        }
        _rest.Update(learningRate * _options.AdamW.LearningRate / _options.LearningRate, gradientScale);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _means.Save(state);
        _rest.Save(state.Section("adamw"));
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _means.Load(state);
        _rest.Load(state.Section("adamw"));
    }

    private IEnumerable<(MatrixPart Part, long Inputs, long Outputs)> Parts(Parameter parameter) => _options.Parts(parameter);
}
