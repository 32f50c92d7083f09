using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Averaging;

/// <summary>Options of <see cref="ExponentialAverage"/>.</summary>
public sealed class ExponentialAverageOptions : WeightAverageOptions
{
    /// <summary>The keys of <c>ema</c> in recipes.</summary>
    public static OptionsSchema<ExponentialAverageOptions> Schema { get; } = OptionsSchema.Create<ExponentialAverageOptions>(
        "An exponential average of the weights (Polyak and Juditsky, 1992; with decay as Tarvainen and Valpola, 2017).", static b =>
    {
        b.Number("decay", "What the average keeps of itself at each step.", o => o.Decay, (o, v) => o.Decay = v, NumberRange.BelowOne);
        b.Boolean("warmup", "Begin with a lower decay, so that the first weights do not linger: at most (1 + n) / (10 + n) after n steps.", o => o.Warmup,
            (o, v) => o.Warmup = v);
    });

    /// <inheritdoc/>
    public override string Name => "ema";

    /// <summary>What the average keeps of itself at each step.</summary>
    public double Decay { get; set; } = 0.999;

    /// <summary>Whether the decay begins low.</summary>
    public bool Warmup { get; set; } = true;

    /// <inheritdoc/>
    public override IWeightAverage Create(IReadOnlyList<Parameter> parameters, long totalSteps) => new ExponentialAverage(this, parameters);
}

/// <summary>
/// An exponential moving average of the weights (Polyak and Juditsky, 1992, made exponential): the first step's weights, then a ← d·a + (1 − d)·w at each step.
/// Without the warm-up it is PyTorch's <c>AveragedModel(avg_fn=get_ema_avg_fn(decay))</c>, updated after each step.
/// </summary>
/// <remarks>
/// With decay 0.999 and no warm-up, 37 % of the average after 1,000 steps would still be the weights of the first, which are next to random; so the decay is min(d, (1 + n) ÷ (10 + n))
/// after n steps unless <see cref="ExponentialAverageOptions.Warmup"/> is off, as TensorFlow's <c>ExponentialMovingAverage(num_updates=n)</c> has it.
/// </remarks>
/// <param name="options">The decay.</param>
/// <param name="parameters">The weights.</param>
public sealed class ExponentialAverage(ExponentialAverageOptions options, IReadOnlyList<Parameter> parameters) : WeightAverage(parameters)
{
    /// <inheritdoc/>
    protected override double? Share(long step, long count) =>
        count == 0 ? 1 : 1 - (options.Warmup ? Math.Min(options.Decay, (1.0 + count) / (10 + count)) : options.Decay);
}
