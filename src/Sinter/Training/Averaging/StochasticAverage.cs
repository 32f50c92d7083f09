using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Averaging;

/// <summary>Options of <see cref="StochasticAverage"/>.</summary>
public sealed class StochasticAverageOptions : WeightAverageOptions
{
    /// <summary>The keys of <c>swa</c> in recipes.</summary>
    public static OptionsSchema<StochasticAverageOptions> Schema { get; } = OptionsSchema.Create<StochasticAverageOptions>(
        "The mean of the weights at the end of the run (SWA; Izmailov et al., 2018).", static b =>
    {
        b.Number("start", "The part of the run after which weights are averaged.", o => o.Start, (o, v) => o.Start = v, NumberRange.BelowOne);
        b.Integer("every", "Steps from one of the averaged weights to the next.", o => o.Every, (o, v) => o.Every = v, 1);
    });

    /// <inheritdoc/>
    public override string Name => "swa";

    /// <summary>The part of the run after which weights are averaged, in [0, 1).</summary>
    public double Start { get; set; } = 0.75;

    /// <summary>Steps from one of the averaged weights to the next.</summary>
    public long Every { get; set; } = 1;

    /// <inheritdoc/>
    public override IWeightAverage Create(IReadOnlyList<Parameter> parameters, long totalSteps) => new StochasticAverage(this, parameters, totalSteps);
}

/// <summary>
/// Stochastic weight averaging (Izmailov et al., 2018, algorithm 1): the plain mean of the weights after every so many steps of the end of the run; before that there is no average. It is
/// PyTorch's <c>AveragedModel()</c> with its default rule. The paper keeps the learning rate constant or cyclic while it averages: a schedule that has come down to 0 leaves little to
/// average. Its default start is the paper's, 75 % of the run.
/// </summary>
/// <remarks>A run that goes on to a later end averages the end that it then has: what was averaged before begins anew there.</remarks>
/// <param name="options">When.</param>
/// <param name="parameters">The weights.</param>
/// <param name="totalSteps">Steps of the run.</param>
public sealed class StochasticAverage(StochasticAverageOptions options, IReadOnlyList<Parameter> parameters, long totalSteps) : WeightAverage(parameters)
{
    private readonly long _first = (long)(options.Start * totalSteps) + 1;

    /// <inheritdoc/>
    protected override double? Share(long step, long count) => step >= _first && (step - _first) % options.Every == 0 ? 1.0 / (count + 1) : null;

    /// <inheritdoc/>
    protected override bool Begins(long step) => step <= _first;
}
