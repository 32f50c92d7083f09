using Sinter.Options;

namespace Sinter.Training.Stopping;

/// <summary>Options of the rule that ends a run when it has reached what it was for; the run is complete and its model is written.</summary>
public sealed class GoalOptions : StoppingOptions
{
    /// <summary>The keys of <c>goal</c> in recipes.</summary>
    public static OptionsSchema<GoalOptions> Schema { get; } = OptionsSchema.Create<GoalOptions>("Ends the run, complete, when a condition holds.", static b =>
        b.Text("condition", "When the run is done, such as validation_accuracy >= 0.98; 'for 3 times in a row' may follow.", o => o.Condition,
            (o, v) => o.Condition = v, Stopping.Condition.Error));

    /// <inheritdoc/>
    public override string Name => "goal";

    /// <summary>When: see <see cref="Stopping.Condition"/>.</summary>
    public string Condition { get; set; } = "validation_accuracy >= 0.98";

    /// <inheritdoc/>
    public override string WatchedMetric => Stopping.Condition.Parse(Condition).Metric;

    /// <inheritdoc/>
    public override IStoppingRule Create() => new ConditionRule(Name, Stopping.Condition.Parse(Condition), isFailure: false);
}
