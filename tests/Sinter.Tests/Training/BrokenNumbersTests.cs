using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>NaN and infinity are seen in the step they appear and never saved.</summary>
public sealed class BrokenNumbersTests
{
    // The update with this learning rate leaves weights that no product of two of them fits in float32.
    private const string Huge = "training.optimizer.learning_rate=1e30";

    [Theory]
    [InlineData(100), InlineData(1)]
    public void A_run_that_breaks_keeps_its_last_good_checkpoint(int saveEvery)
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 6);
        var before = run.Snapshot();
        var error = Assert.Throws<TrainingException>(() => run.Train(run.Recipe(Huge, $"training.save_every={saveEvery}",
            "training.eval_every=100"), resume: true));
        Assert.Contains(saveEvery == 1 ? "Step 7" : "Step 8", error.Message, StringComparison.Ordinal);
        Assert.Equal([6], run.Checkpoints);
        Assert.False(Directory.Exists(run["model"]));
        var after = run.Snapshot();
        foreach (var (file, hash) in before.Where(f => f.Key.StartsWith("checkpoints", StringComparison.Ordinal))) Assert.Equal(hash, after[file]);

        var result = run.Train(run.Recipe("training.max_steps=8"), resume: true);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.True(double.IsFinite(result.Loss));
    }

    [Fact]
    public void The_error_names_step_batch_and_remedy()
    {
        using var run = new SmallRun();
        var error = Assert.Throws<TrainingException>(() => run.Train(run.Recipe(Huge, "training.save_every=100", "training.eval_every=100")));
        Assert.Contains("Step 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("windows 6 to 11", error.Message, StringComparison.Ordinal);   // batch 3, twice
        Assert.Contains("learning_rate", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], run.Events.OfType<StepCompleted>().Select(s => s.Step));
        Assert.Empty(run.Checkpoints);
    }

    // The last update may break what no later step looks at.
    [Fact]
    public void Weights_that_break_in_the_last_update_are_not_a_model()
    {
        using var run = new SmallRun();
        Assert.Throws<TrainingException>(() => run.Train(run.Recipe("training.optimizer.learning_rate=1e38", "training.max_steps=1")));
        Assert.Empty(run.Checkpoints);
        Assert.False(Directory.Exists(run["model"]));
    }
}
