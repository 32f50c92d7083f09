using Sinter.Checkpoints.State;
using Sinter.Data;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Options;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Updates;

namespace Sinter.Training.Regularization;

/// <summary>Options of <see cref="EwcPenalty"/>.</summary>
public sealed class EwcPenaltyOptions : PenaltyOptions
{
    /// <summary>The keys of <c>ewc</c> in recipes.</summary>
    public static OptionsSchema<EwcPenaltyOptions> Schema { get; } = OptionsSchema.Create<EwcPenaltyOptions>(
        "Weights that matter to data.replay are held near where they began (Kirkpatrick et al., 2017).", static b =>
        {
            b.Number("strength", "How firmly they are held.", o => o.Strength, (o, v) => o.Strength = v, NumberRange.Positive);
            b.Integer("sequences", "Sequences of the old data by which it is told how much a weight matters.", o => o.Sequences, (o, v) => o.Sequences = v, 1);
            Describe(b);
        });

    /// <inheritdoc/>
    public override string Name => "ewc";

    /// <summary>λ.</summary>
    public double Strength { get; set; } = 1000;

    /// <summary>Sequences of the old data that the Fisher information is estimated from.</summary>
    public long Sequences { get; set; } = 200;

    /// <inheritdoc/>
    public override IPenalty Create(IReadOnlyList<Parameter> parameters) => new EwcPenalty([.. Choose(parameters).Where(p => p.Value.RequiresGrad)], Strength, Sequences);
}

/// <summary>
/// Elastic weight consolidation (Kirkpatrick et al., "Overcoming catastrophic forgetting in neural networks", 2017, equation 3): λ ÷ 2 · Σ F (θ − θ*)², θ* the weights
/// that the run began with and F the diagonal of the Fisher information of the old data there.
/// </summary>
/// <remarks>F is the empirical one: the mean over sequences of the squared gradient of a sequence's mean loss, with the targets as the text has them.</remarks>
public sealed class EwcPenalty : IPenalty, IStateful
{
    private readonly Tensor[] _weights;
    private readonly ParameterState _importance, _anchor;
    private readonly double _strength;
    private readonly long _sequences;

    /// <summary>Makes a penalty that holds nothing yet.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="strength">λ.</param>
    /// <param name="sequences">Sequences of the old data that F is estimated from.</param>
    public EwcPenalty(IReadOnlyList<Parameter> parameters, double strength, long sequences)
    {
        (_weights, _strength, _sequences) = ([.. parameters.Select(p => p.Value)], strength, sequences);
        (_importance, _anchor) = (new ParameterState("importance", parameters), new ParameterState("anchor", parameters));
    }

    /// <summary>Whether <see cref="Estimate"/> is done, now or in the run that this one resumes.</summary>
    public bool IsReady { get; private set; }

    /// <inheritdoc/>
    public double Add() => GradientPasses.AddAnchorPenalty(_weights, _anchor.Tensors, _importance.Tensors, _strength);

    /// <summary>Takes the weights as they are for θ*, and estimates F there. Gradients are zeroed before and after.</summary>
    /// <param name="model">The model whose weights these are.</param>
    /// <param name="sequences">The old data.</param>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between sequences.</param>
    public void Estimate(ITrainedModel model, ITrainingSequences sequences, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sequences);
        Anchor();
        for (long sequence = 0; sequence < _sequences; sequence++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = model.Device.Scope("fisher");
            foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
            var batch = SequenceBatch.Empty(model.Device, sequences, 1, sequences.WidthOf(sequence));
            batch.Fill(0, sequences, sequence);
            model.Loss(batch, new CrossEntropyOptions(), default).Loss.Backward();
            Observe(1.0 / _sequences);
            progress?.Report((sequence + 1.0) / _sequences);
        }
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
    }

    /// <summary>Takes the weights as they are for θ*.</summary>
    internal void Anchor()
    {
        for (int i = 0; i < _weights.Length; i++) _weights[i].Span.CopyTo(_anchor[i].Span);
        IsReady = true;
    }

    /// <summary>Adds the squares of the gradients to F.</summary>
    internal void Observe(double share) => GradientPasses.AddSquares(_weights, _importance.Tensors, share);

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        _importance.Save(state);
        _anchor.Save(state);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        _importance.Load(state);
        _anchor.Load(state);
        IsReady = true;
    }
}
