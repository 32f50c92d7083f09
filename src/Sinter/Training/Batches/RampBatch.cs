using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>Options of <see cref="RampBatch"/>.</summary>
public sealed class RampBatchOptions : BatchPolicyOptions
{
    /// <summary>The keys of <c>ramp</c> in recipes.</summary>
    public static OptionsSchema<RampBatchOptions> Schema { get; } = OptionsSchema.Create<RampBatchOptions>(
        "Grows with the tokens seen (Brown et al., 2020).", static b =>
    {
        b.Integer("from", "Sequences of the first step.", o => o.From, (o, v) => o.From = v, 1, 1 << 20);
        b.Integer("to", "Sequences of a step once the ramp is over.", o => o.To, (o, v) => o.To = v, 1, 1 << 20);
        b.Integer("tokens", "Training tokens over which the batch grows.", o => o.Tokens, (o, v) => o.Tokens = v, 1);
        b.Integer("increment", "Sequences by which it grows at a time.", o => o.Increment, (o, v) => o.Increment = v, 1, 1 << 20);
        b.OptionalInteger("micro_batch", "Sequences computed at a time; null computes a step at once.", o => o.MicroBatch, (o, v) => o.MicroBatch = v, 1, 1 << 20);
        b.Rule(["to", "from"], static o => o.To > o.From ? null : $"{o.To} must be more than from ({o.From}): a ramp goes up; give a number for a batch that stays");
        b.Rule(["increment", "from", "to"], static o => o.To <= o.From || (o.To - o.From) % o.Increment == 0 ? null
            : $"{o.Increment} does not divide the way from {o.From} to {o.To}");
    });

    /// <inheritdoc/>
    public override string Name => "ramp";

    /// <summary>Sequences of the first step.</summary>
    public int From { get; set; } = 4;

    /// <summary>Sequences of a step once the ramp is over.</summary>
    public int To { get; set; } = 32;

    /// <summary>Training tokens over which the batch grows.</summary>
    public long Tokens { get; set; } = 10_000_000;

    /// <summary>Sequences by which it grows at a time.</summary>
    public int Increment { get; set; } = 4;

    /// <summary>Sequences computed at a time; null computes a step at once.</summary>
    public int? MicroBatch { get; set; }

    /// <inheritdoc/>
    public override IBatchPolicy Create(BatchFacts facts) => new RampBatch(From, To, Tokens, Increment, MicroBatch ?? To);

    /// <inheritdoc/>
    public override string? ErrorAt(int contextLength) => MicroBatchError(Math.Min(To, MicroBatch ?? To), contextLength);
}

/// <summary>The batch grows in equal increments, each for an equal share of the tokens of the ramp, and stays: as GPT-3's did (Brown et al., "Language Models are
/// Few-Shot Learners", 2020, appendix B), by the rule of Megatron-LM's <c>--rampup-batch-size</c>, which counts samples where this counts tokens.</summary>
/// <param name="from">Sequences of the first step.</param>
/// <param name="to">Sequences after the ramp.</param>
/// <param name="tokens">Tokens of the ramp.</param>
/// <param name="increment">Sequences of an increment; divides the difference.</param>
/// <param name="microBatch">Sequences computed at a time.</param>
public sealed class RampBatch(int from, int to, long tokens, int increment, int microBatch) : IBatchPolicy
{
    private readonly int _increments = (to - from) / increment;

    /// <inheritdoc/>
    public StepBatch At(StepStart start) =>
        new(start.Tokens >= tokens ? to : from + (long)((Int128)start.Tokens * _increments / tokens) * increment, microBatch);
}
