using Sinter.Options;

namespace Sinter.Training.Stopping;

/// <summary>Options of the rule that ends a run because it went wrong. The run has failed: the step is not saved, earlier checkpoints stay as they are, and no model is written.</summary>
public sealed class GuardOptions : StoppingOptions
{
    /// <summary>The keys of <c>guard</c> in recipes.</summary>
    public static OptionsSchema<GuardOptions> Schema { get; } = OptionsSchema.Create<GuardOptions>("Ends the run, failed, when a condition holds; earlier checkpoints stay as they are.", static b =>
        b.Text("condition", "When the run has gone wrong, such as validation_loss > 5 or gradient_norm > 1000 for 5 times in a row. A loss or gradient that is not finite always ends a run.",
            o => o.Condition, (o, v) => o.Condition = v, Stopping.Condition.Error));

    /// <inheritdoc/>
    public override string Name => "guard";

    /// <summary>When: see <see cref="Stopping.Condition"/>.</summary>
    public string Condition { get; set; } = "validation_loss > 5";

    /// <inheritdoc/>
    public override string WatchedMetric => Stopping.Condition.Parse(Condition).Metric;

    /// <inheritdoc/>
    public override IStoppingRule Create() => new ConditionRule(Name, Stopping.Condition.Parse(Condition), isFailure: true);
}
