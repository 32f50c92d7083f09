using Sinter.Checkpoints;
using Sinter.Monitoring;
using Sinter.Training;
using Sinter.Training.Stopping;

namespace Sinter.Tests.Training;

/// <summary>Runs that a rule ends, the best checkpoint, and both killed in between.</summary>
public sealed class EarlyStoppingTests
{
    // The validation loss falls, and rises when the learning rate has made it wild: the best is before the end.
    private static readonly string[] s_wild = ["training.stop={ name: patience, patience: 2 }", "training.optimizer.learning_rate=0.3", "training.max_steps=60", "training.eval_every=4",
        "training.schedule={ name: constant, warmup_steps: 30 }", "training.gradient_clip={ name: statistical, warmup_steps: 3 }"];

    private static readonly Lazy<Ended> s_whole = new(() =>
    {
        using var run = new SmallRun();
        return Ended.Of(run, run.Train(run.Recipe(s_wild)));
    });

    [Fact]
    public void Patience_ends_a_run_and_its_best_model_is_the_result()
    {
        using var run = new SmallRun();
        var result = run.Train(run.Recipe(s_wild));
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(("patience", result.Step, false), (result.Stop!.Rule, result.Stop.Step, result.Stop.IsFailure));
        Assert.True(result.Step < 60);
        var evaluations = run.Metrics.Where(m => m.IsEvaluated && m.Step > 0).ToList();
        var best = evaluations.MinBy(m => m.ValidationLoss);
        Assert.Equal(new BestStep(best.Step, "validation_loss", best.ValidationLoss!.Value), result.Best);
        Assert.Equal(result.Step - 8, best.Step);
        Assert.Equal(result.ValidationLoss, evaluations[^1].ValidationLoss);
        // The best is older than the two newest, and still there.
        Assert.Contains(best.Step, run.Checkpoints);
        Assert.Equal(3, run.Checkpoints.Count());
        Assert.Equal(File.ReadAllBytes(run[$"checkpoints/step-{best.Step:D6}/model.safetensors"]), run.Weights);
        Assert.NotEqual(File.ReadAllBytes(run[$"checkpoints/step-{result.Step:D6}/model.safetensors"]), run.Weights);
        Assert.Equal(run["model"], ModelFolder.Resolve(run.Folder));
        var record = RunRecord.Read(run.Folder);
        Assert.Equal((true, result.Best, result.Stop), (record.Completed, record.Best, record.Stop));
        Assert.Contains("patience", File.ReadAllText(run["report.html"]), StringComparison.Ordinal);
        Assert.Equal(result.Stop, Assert.Single(run.Events.OfType<StoppedEarly>()).Reason);

        var before = run.Snapshot();
        Assert.Equal(result with { Outcome = TrainingOutcome.AlreadyComplete }, run.Train(null, resume: true));
        Assert.Equal(before, run.Snapshot());
    }

    // Killed after an evaluation that no checkpoint has seen, in the middle, when the best is saved, when the last is saved and nothing else, and while the model is written.
    [Theory]
    [InlineData(nameof(Evaluated)), InlineData(nameof(StepCompleted)), InlineData(nameof(NewBest)), InlineData(nameof(CheckpointStarted)), InlineData(nameof(CheckpointSaved)), InlineData("writing")]
    public void Killed_and_resumed_it_ends_as_it_would_have(string kill)
    {
        using var run = new SmallRun();
        var whole = s_whole.Value;
        long at = kill switch { nameof(Evaluated) => whole.Result.Step - 4, nameof(StepCompleted) => whole.Result.Step - 3, nameof(NewBest) => whole.Result.Best!.Step, _ => whole.Result.Step };
        var killer = new SmallRun.Listener(e =>
        {
            bool isIt = e switch
            {
                StepCompleted s => kill == nameof(StepCompleted) && s.Step == at,
                Evaluated s => kill == nameof(Evaluated) && s.Step == at,
                NewBest s => kill == nameof(NewBest) && s.Best.Step == at,
                CheckpointStarted s => kill == nameof(CheckpointStarted) && s.Step == at,
                CheckpointSaved s => kill == nameof(CheckpointSaved) && s.Step == at,
                Working w => kill == "writing" && w.What.StartsWith(kill, StringComparison.Ordinal),
                _ => false,
            };
            if (isIt) throw new TimeoutException("killed");
        });
        Assert.Throws<TimeoutException>(() => run.Train(run.Recipe(s_wild), listeners: killer));
        Assert.False(Directory.Exists(run["model"]));
        whole.AssertSame(Ended.Of(run, run.Train(null, resume: true)));
    }

    // Stopped while it evaluates, and killed after the evaluation was made up for but before it was saved.
    [Fact]
    public void An_evaluation_that_no_checkpoint_has_seen_is_made_again()
    {
        using var run = new SmallRun();
        long best = s_whole.Value.Result.Best!.Step;
        run.Train(run.Recipe(s_wild), stopAt: best);
        Assert.Equal(best, run.Checkpoints.Max());
        var killer = new SmallRun.Listener(e => { if (e is NewBest) throw new TimeoutException("killed"); });
        Assert.Throws<TimeoutException>(() => run.Train(null, resume: true, listeners: killer));
        s_whole.Value.AssertSame(Ended.Of(run, run.Train(null, resume: true)));
    }

    [Fact]
    public void More_patience_goes_on_from_the_newest()
    {
        using var run = new SmallRun();
        var first = run.Train(run.Recipe(s_wild));
        var more = run.Train(run.Recipe([.. s_wild, "training.stop={ name: patience, patience: 3 }"]), resume: true);
        Assert.Equal(first.Step, run.Events.OfType<RunStarted>().Last().FirstStep);
        Assert.True(more.Step > first.Step);
        Assert.Equal(1 + more.Step, run.Metrics.Count);
    }

    [Fact]
    public void A_goal_ends_a_run_with_its_last_weights()
    {
        using var run = new SmallRun();
        var result = run.Train(run.Recipe("training.stop=[{ name: guard, condition: loss > 1000 }, { name: goal, condition: loss < 2.95 for 2 times in a row }]"));
        Assert.Equal((TrainingOutcome.Completed, "goal", (BestStep?)null), (result.Outcome, result.Stop?.Rule, result.Best));
        Assert.InRange(result.Step, 2, 29);
        Assert.Equal(result.Step, run.Checkpoints.Max());
        var losses = run.Metrics.Where(m => m.Step >= result.Step - 1).ToList();
        Assert.All(losses, m => Assert.True(m.Loss < 2.95));
        Assert.True(losses[^1].IsEvaluated);
        Assert.Equal(File.ReadAllBytes(run[$"checkpoints/step-{result.Step:D6}/model.safetensors"]), run.Weights);
    }

    [Fact]
    public void A_guard_fails_the_run_and_leaves_its_checkpoints_alone()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 6);
        var before = run.Snapshot();
        string[] guarded = ["training.stop={ name: guard, condition: validation_loss > 0.1 }", "training.save_every=1"];
        var error = Assert.Throws<TrainingException>(() => run.Train(run.Recipe(guarded), resume: true));
        Assert.Contains("Step 10: validation_loss > 0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal([8, 9], run.Checkpoints);
        Assert.False(Directory.Exists(run["model"]));
        Assert.Equal(10, Assert.IsType<RunFailed>(run.Events[^1]).Reason.Step);
        var record = RunRecord.Read(run.Folder);
        Assert.Equal((false, "guard", true), (record.Completed, record.Stop?.Rule, record.Stop?.IsFailure));
        Assert.Contains("validation_loss &gt; 0.1", File.ReadAllText(run["report.html"]), StringComparison.Ordinal);
        Assert.Equal(TrainingOutcome.Completed, run.Train(run.Recipe(), resume: true).Outcome);
        Assert.Null(RunRecord.Read(run.Folder).Stop);
    }

    [Fact]
    public void Numbers_that_are_not_finite_fail_the_run_in_its_record_too()
    {
        using var run = new SmallRun();
        Assert.Throws<TrainingException>(() => run.Train(run.Recipe("training.optimizer.learning_rate=1e30")));
        Assert.Equal(("not_finite", true), (RunRecord.Read(run.Folder).Stop?.Rule, RunRecord.Read(run.Folder).Stop?.IsFailure));
    }

    [Theory]
    [InlineData("null", null), InlineData("{ metric: none }", null), InlineData("{}", "validation_loss"), InlineData("{ metric: validation_accuracy }", "validation_accuracy")]
    public void The_best_is_kept_where_it_is_asked_for(string best, string? metric)
    {
        using var run = new SmallRun();
        var result = run.Train(run.Recipe($"training.best={best}"));
        Assert.Equal(metric, result.Best?.Metric);
        Assert.Equal(metric is not null, run.Events.OfType<NewBest>().Any());
    }

    // Its checkpoint is gone: the last step's weights are the model, and it is said.
    [Fact]
    public void A_damaged_best_checkpoint_is_no_model()
    {
        using var run = new SmallRun();
        long best = s_whole.Value.Result.Best!.Step;
        var damage = new SmallRun.Listener(e =>
        {
            if (e is StoppedEarly) File.WriteAllText(run[$"checkpoints/step-{best:D6}/model.safetensors"], "damaged");
        });
        var result = run.Train(run.Recipe(s_wild), listeners: damage);
        Assert.Null(result.Best);
        Assert.Contains(run.Warnings, w => w.Contains($"step {best}", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(run[$"checkpoints/step-{result.Step:D6}/model.safetensors"]), run.Weights);
    }

    private sealed record Ended(TrainingResult Result, byte[] Weights, List<MetricsLine> Metrics, List<long> Checkpoints, RunRecord Record)
    {
        public static Ended Of(SmallRun run, TrainingResult result) =>
            new(result with { RunFolder = "" }, run.Weights, run.Metrics, [.. run.Checkpoints], RunRecord.Read(run.Folder));

        public void AssertSame(Ended other)
        {
            Assert.Equal(Result with { Loss = 0, ValidationLoss = 0, ValidationAccuracy = 0 }, other.Result with { Loss = 0, ValidationLoss = 0, ValidationAccuracy = 0 });
            Assert.Equal(Metrics, other.Metrics);
            Assert.Equal(Weights, other.Weights);
            Assert.Equal(Checkpoints, other.Checkpoints);
            Assert.Equal((Record.Best, Record.Stop, Record.Completed), (other.Record.Best, other.Record.Stop, other.Record.Completed));
        }
    }
}
