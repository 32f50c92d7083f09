using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>A run from its recipe to its model: what it tells and what it leaves.</summary>
public sealed class TrainerTests
{
    [Fact]
    public void A_run_tells_its_steps_and_leaves_its_files()
    {
        using var run = new SmallRun();
        var result = run.Train(run.Recipe());
        Assert.Equal((TrainingOutcome.Completed, 30L, run.Folder), (result.Outcome, result.Step, result.RunFolder));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), run.Events.OfType<StepCompleted>().Select(s => s.Step));
        Assert.Equal([0, 5, 10, 15, 20, 25, 30], run.Events.OfType<Evaluated>().Select(e => e.Step));
        Assert.Equal([8, 16, 24, 30], run.Events.OfType<CheckpointSaved>().Select(e => e.Step));
        Assert.Equal([24, 30], run.Checkpoints);
        Assert.Equal([0, 30], run.Events.OfType<TextSampled>().Select(s => s.Step));
        Assert.IsType<RunCompleted>(run.Events[^1]);
        Assert.Empty(run.Warnings);
        Assert.Equal(Enumerable.Range(0, 31).Select(i => (long)i), run.Metrics.Select(l => l.Step));
        Assert.All(run.Metrics, l => Assert.Equal(l.Step % 5 == 0, l.IsEvaluated));
        Assert.Equal(run.Metrics[^1].Loss, result.Loss);
        Assert.Equal(run.Metrics[^1].ValidationLoss, result.ValidationLoss);
        Assert.True(run.Metrics[^1].ValidationLoss < run.Metrics[0].ValidationLoss - 0.1, "nothing was learnt");
        foreach (string file in (string[])["recipe.yaml", "run.json", "report.html", "model/config.json", "model/model.safetensors",
            "model/tokenizer.json", "checkpoints/step-000030/manifest.json"])
            Assert.True(File.Exists(run[file]), file);
        Assert.Equal(run.Weights, File.ReadAllBytes(run["checkpoints/step-000030/model.safetensors"]));
    }

    [Fact]
    public void A_last_step_that_is_not_due_is_evaluated_and_saved()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe("training.max_steps=7", "training.eval_every=100", "training.save_every=100"));
        Assert.Equal([0, 7], run.Events.OfType<Evaluated>().Select(e => e.Step));
        Assert.Equal([7], run.Checkpoints);
    }

    [Fact]
    public void Three_micro_batches_give_the_run_of_one()
    {
        using SmallRun whole = new(), parts = new();
        whole.Train(whole.Recipe("training.max_steps=6", "training.batch_size=12", "training.gradient_accumulation=1"));
        parts.Train(parts.Recipe("training.max_steps=6", "training.batch_size=4", "training.gradient_accumulation=3"));
        Assert.Equal(7, whole.Metrics.Count);
        foreach (var (a, b) in whole.Metrics.Zip(parts.Metrics).Skip(1))
        {
            Assert.Equal(a.Tokens, b.Tokens);
            Assert.Equal(a.Loss!.Value, b.Loss!.Value, 1e-5 * a.Loss.Value);
        }
    }

    [Fact]
    public void Progress_and_figures_reach_who_asks()
    {
        using var run = new SmallRun("metered");
        var reports = new List<TrainingProgress>();
        var (steps, losses, checkpoints) = (0L, new List<double>(), 0L);
        using var meter = new System.Diagnostics.Metrics.MeterListener();
        meter.InstrumentPublished = (i, l) => { if (i.Meter.Name == SinterMeter.MeterName) l.EnableMeasurementEvents(i); };
        bool Ours(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length > 0 && tags[0] is { Key: "sinter.run", Value: "metered" };
        meter.SetMeasurementEventCallback<long>((i, value, tags, _) =>
        {
            if (!Ours(tags)) return;
            if (i.Name == "sinter.training.steps") steps += value;
            if (i.Name == "sinter.checkpoints") checkpoints += value;
        });
        meter.SetMeasurementEventCallback<double>((i, value, tags, _) => { if (Ours(tags) && i.Name == "sinter.training.loss") losses.Add(value); });
        meter.Start();
        var options = new TrainerOptions { RunFolder = run.Folder, Progress = new Direct(reports.Add) };
        Trainer.Train(run.Recipe("training.max_steps=10"), options, TestContext.Current.CancellationToken);
        Assert.Equal((10, 2), (steps, checkpoints));
        Assert.Equal(run.Metrics.Skip(1).Select(l => l.Loss!.Value), losses);
        Assert.Equal(10, reports.Max(r => r.Step));
        Assert.All(reports, r => Assert.Equal(10, r.TotalSteps));
        Assert.Equal(run.Metrics[^1].ValidationLoss, reports[^1].ValidationLoss);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_begun_again()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe("training.max_steps=2"));
        var before = run.Snapshot();
        Assert.Contains("already holds a run", Assert.Throws<CheckpointException>(() => run.Train(run.Recipe("training.max_steps=2"))).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, run.Snapshot());
    }

    [Fact]
    public void Two_trainers_do_not_share_a_folder()
    {
        using var run = new SmallRun();
        Exception? second = null;
        var other = new SmallRun.Listener(e =>
        {
            if (e is StepCompleted { Step: 3 })
                second = Record.Exception(() => Trainer.Train(null, new TrainerOptions { RunFolder = run.Folder, Resume = true },
                    TestContext.Current.CancellationToken));
        });
        var result = run.Train(run.Recipe("training.max_steps=6"), listeners: other);
        Assert.Contains("is writing to this run", Assert.IsType<CheckpointException>(second).Message, StringComparison.Ordinal);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(7, run.Metrics.Count);
    }

    private sealed class Direct(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
