using Sinter.Schedules;
using Sinter.Training.Stopping;

namespace Sinter.Tests.Training;

/// <summary>Stopping rules on series of numbers.</summary>
public sealed class StoppingRuleTests
{
    [Theory]
    [InlineData("validation_loss > 5", "validation_loss", ">", 5, 1), InlineData(" accuracy>=0.98 ", "accuracy", ">=", 0.98, 1),
     InlineData("loss < -1e-3 for 3 times in a row", "loss", "<", -1e-3, 3), InlineData("penalty<=.5 for 1 time", "penalty", "<=", 0.5, 1),
     InlineData("gradient_norm not finite", "gradient_norm", "not finite", 0, 1), InlineData("loss is not finite for 2 times", "loss", "not finite", 0, 2)]
    public void Conditions_are_read(string text, string metric, string comparison, double limit, int times)
    {
        Assert.Equal(new Condition(metric, comparison, limit, times), Condition.Parse(text));
        Assert.Null(Condition.Error(text));
    }

    [Theory]
    [InlineData("", "expected a metric"), InlineData("loss", "expected a metric"), InlineData("loss = 3", "expected a metric"), InlineData("loss > 3 often", "expected a metric"),
     InlineData("los > 3", "did you mean loss?"), InlineData("weather > 3", "there are loss,"), InlineData("loss > three", "'three' is no finite number"),
     InlineData("loss > NaN", "'NaN' is no finite number"), InlineData("loss > 3 for 0 times", "'0' times"), InlineData("loss >> 3", "expected a metric"),
     InlineData("loss > 3 > 2", "expected a metric"), InlineData("loss finite", "expected a metric")]
    public void Others_are_told_apart(string text, string want)
    {
        Assert.Contains(want, Condition.Error(text), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Condition.Parse(text));
    }

    [Theory]
    [InlineData("<", true, false, false), InlineData("<=", true, true, false), InlineData(">", false, false, true), InlineData(">=", false, true, true)]
    public void Comparisons(string comparison, bool below, bool at, bool above)
    {
        var condition = Condition.Parse($"loss {comparison} 2");
        Assert.Equal([below, at, above, false], ((double[])[1.9, 2, 2.1, double.NaN]).Select(condition.Holds));
        Assert.Equal([false, true, true], ((double[])[1.9, double.NaN, double.NegativeInfinity]).Select(Condition.Parse("loss not finite").Holds));
    }

    [Fact]
    public void A_condition_holds_in_a_row_or_not_at_all()
    {
        var rule = new GuardOptions { Condition = "gradient_norm > 10 for 3 times in a row" }.Create();
        int step = 0;
        foreach (double norm in (double[])[11, 12, 9, 11, 12])
        {
            rule.Observe(++step, Step("gradient_norm", norm));
            rule.Observe(step, Evaluation(1));   // does not have the metric, and breaks no row
            Assert.Null(rule.Reason);
        }
        rule.Observe(6, Step("gradient_norm", 13));
        Assert.Equal(new StopReason(6, "guard", "gradient_norm > 10: it is 13, 3 times in a row", true), rule.Reason);
    }

    [Theory]
    // The first is the best until two in a row are no better.
    [InlineData(2, 0, false, new double[] { 3, 4, 2, 2, 2 }, 5), InlineData(2, 0, false, new double[] { 3, 4, 2.9, 3, 2.8 }, 0)]
    [InlineData(1, 0, false, new double[] { 3, double.NaN }, 2)]
    // A change of at most 0.5 is none, and the best stays.
    [InlineData(3, 0.5, false, new double[] { 3, 2.8, 2.6, 2.5 }, 4), InlineData(3, 0.5, false, new double[] { 3, 2.8, 2.6, 2.4, 2.3 }, 0)]
    [InlineData(2, 0.1, true, new double[] { 100, 91, 90.95 }, 3), InlineData(2, 0.1, true, new double[] { 100, 91, 89 }, 0)]
    public void Patience_counts_evaluations_without_an_improvement(int patience, double minChange, bool relative, double[] losses, int endsAt)
    {
        var rule = new PatienceOptions { Evaluations = patience, MinChange = minChange, Relative = relative }.Create();
        Assert.Equal(endsAt, EndsAt(rule, losses.Select(l => Evaluation(l))));
        var rising = new PatienceOptions { Evaluations = patience, MinChange = minChange, Relative = relative, Mode = "max" }.Create();
        Assert.Equal(endsAt, EndsAt(rising, losses.Select(l => Evaluation(relative ? 10000 / l : -l))));
    }

    [Fact]
    public void Accuracy_is_better_when_it_is_higher()
    {
        var rule = new PatienceOptions { Metric = "validation_accuracy", Evaluations = 2 }.Create();
        Assert.Equal(4, EndsAt(rule, ((double[])[0.1, 0.2, 0.15, 0.2]).Select(a => Evaluation(1, a))));
        Assert.Equal("validation_accuracy has not improved in 2 evaluations: the best is 0.2 at step 2", rule.Reason!.Message);
    }

    [Fact]
    public void Evaluations_before_the_start_are_not_counted()
    {
        var rule = new PatienceOptions { Evaluations = 2, StartStep = 4 }.Create();
        Assert.Equal(6, EndsAt(rule, ((double[])[1, 5, 5, 5, 5, 5]).Select(l => Evaluation(l))));
    }

    [Fact]
    public void A_metric_of_steps_is_averaged_from_evaluation_to_evaluation()
    {
        var rule = new PatienceOptions { Metric = "loss", Evaluations = 1 }.Create();
        foreach (var (step, loss) in ((double[])[4, 2, 1, 4.5, 1, 1, 3, 4]).Index())
        {
            rule.Observe(step + 1, Step("loss", loss));
            if (step % 2 == 1) rule.Observe(step + 1, Evaluation(9));
            // Means of 3, 2.75, 1 and 3.5.
            Assert.Equal(step == 7, rule.Reason is not null);
        }
    }

    private static int EndsAt(IStoppingRule rule, IEnumerable<MetricSet> evaluations)
    {
        foreach (var (i, metrics) in evaluations.Index())
        {
            rule.Observe(i + 1, metrics);
            if (rule.Reason is { } reason) return (int)reason.Step;
        }
        return 0;
    }

    private static MetricSet Evaluation(double loss) => Evaluation(loss, 0);

    private static MetricSet Evaluation(double loss, double accuracy)
    {
        var metrics = Step("validation_loss", loss);
        metrics.Set("validation_accuracy", accuracy);
        return metrics;
    }

    private static MetricSet Step(string name, double value)
    {
        var metrics = new MetricSet();
        metrics.Set(name, value);
        return metrics;
    }
}
