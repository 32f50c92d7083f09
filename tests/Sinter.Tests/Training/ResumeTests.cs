using Sinter.Checkpoints;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>A run that was stopped and resumed is the run that was not.</summary>
public sealed class ResumeTests
{
    private static readonly Lazy<(byte[] Weights, List<Sinter.Monitoring.MetricsLine> Metrics)> s_whole = new(() =>
    {
        using var run = new SmallRun();
        run.Train(run.Recipe());
        return (run.Weights, run.Metrics);
    });

    // 11: between everything; 10: an evaluation is due; 16: a checkpoint is due; 20, 25: again; 29: one step is left.
    [Theory]
    [InlineData(new long[] { 11 }), InlineData(new long[] { 10 }), InlineData(new long[] { 16 }), InlineData(new long[] { 1, 2, 20, 29 })]
    public void Stopped_and_resumed(long[] stops)
    {
        using var run = new SmallRun();
        var recipe = run.Recipe();
        for (int i = 0; i < stops.Length; i++)
        {
            var stopped = run.Train(i == 0 ? recipe : null, resume: i > 0, stopAt: stops[i]);
            Assert.Equal((TrainingOutcome.Stopped, stops[i]), (stopped.Outcome, stopped.Step));
            Assert.IsType<RunStopped>(run.Events[^1]);
            Assert.Equal(stops[i], run.Checkpoints.Max());
            Assert.False(Directory.Exists(run["model"]));
        }
        var result = run.Train(null, resume: true);
        Assert.Equal((TrainingOutcome.Completed, 30L), (result.Outcome, result.Step));
        Assert.Empty(run.Warnings);
        Assert.Equal(s_whole.Value.Metrics, run.Metrics);
        Assert.Equal(s_whole.Value.Weights, run.Weights);
    }

    [Fact]
    public void Stopped_and_resumed_with_everything_that_is_dropped_and_added_to_the_loss()
    {
        string[] sets = ["model.attention_dropout=0.2", "model.embedding_dropout=0.05", "model.stochastic_depth=0.3", "training.label_smoothing=0.1",
            "training.z_loss=0.001", "model.initializer=orthogonal"];
        using SmallRun whole = new(), run = new();
        whole.Train(whole.Recipe(sets));
        run.Train(run.Recipe(sets), stopAt: 11);
        run.Train(null, resume: true);
        Assert.Empty(run.Warnings);
        Assert.Equal(whole.Metrics, run.Metrics);
        Assert.Equal(whole.Weights, run.Weights);
        string last = File.ReadLines(run[Sinter.Monitoring.MetricsLog.FileName]).Last();
        Assert.Contains("\"smoothed_loss\":", last, StringComparison.Ordinal);
        Assert.Contains("\"z_loss\":", last, StringComparison.Ordinal);
    }

    // What a kill leaves: steps after the newest checkpoint are in metrics.jsonl and nowhere else.
    [Fact]
    public void Steps_after_the_checkpoint_are_done_again()
    {
        using var run = new SmallRun();
        var kill = new SmallRun.Listener(e => { if (e is StepCompleted { Step: 13 }) throw new TimeoutException("killed"); });
        Assert.Throws<TimeoutException>(() => run.Train(run.Recipe(), listeners: kill));
        Assert.Equal([8], run.Checkpoints);
        run.Train(null, resume: true);
        Assert.Equal(s_whole.Value.Metrics, run.Metrics);
        Assert.Equal(s_whole.Value.Weights, run.Weights);
    }

    [Fact]
    public void A_complete_run_that_is_trained_longer_gives_its_newest_weights()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe());
        Assert.Equal(run["model"], ModelFolder.Resolve(run.Folder));
        run.Train(run.Recipe("training.max_steps=60"), resume: true, stopAt: 35);
        Assert.Equal(run["checkpoints/step-000035"], ModelFolder.Resolve(run.Folder));
        run.Train(null, resume: true);
        Assert.Equal(run["model"], ModelFolder.Resolve(run.Folder));
    }

    [Fact]
    public void Stopped_before_the_first_checkpoint_it_begins_again()
    {
        using var run = new SmallRun();
        var kill = new SmallRun.Listener(e => { if (e is StepCompleted { Step: 3 }) throw new TimeoutException("killed"); });
        Assert.Throws<TimeoutException>(() => run.Train(run.Recipe(), listeners: kill));
        run.Train(null, resume: true);
        Assert.Equal(s_whole.Value.Metrics, run.Metrics);
        Assert.Equal(s_whole.Value.Weights, run.Weights);
    }

    [Fact]
    public void Killed_before_the_model_was_written_it_is_written()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe());
        Directory.Delete(run["model"], recursive: true);
        var result = run.Train(null, resume: true);
        Assert.Equal((TrainingOutcome.Completed, 30L), (result.Outcome, result.Step));
        Assert.Equal(s_whole.Value.Metrics, run.Metrics);
        Assert.Equal(s_whole.Value.Weights, run.Weights);
    }

    [Fact]
    public void A_complete_run_is_left_alone()
    {
        using var run = new SmallRun();
        var done = run.Train(run.Recipe("training.max_steps=6"));
        var before = run.Snapshot();
        run.Events.Clear();
        var again = run.Train(null, resume: true);
        Assert.Equal(done with { Outcome = TrainingOutcome.AlreadyComplete }, again);
        Assert.Equal(before, run.Snapshot());
        Assert.Empty(run.Events);
    }

    [Fact]
    public void A_longer_run_goes_on_from_a_complete_one()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe("training.max_steps=12", "training.schedule={ name: constant }"));
        run.Train(run.Recipe("training.schedule={ name: constant }"), resume: true);
        Assert.Contains(run.Warnings, w => w.Contains("training.max_steps was 12 and is 30", StringComparison.Ordinal));
        using var whole = new SmallRun();
        whole.Train(whole.Recipe("training.schedule={ name: constant }"));
        Assert.Equal(whole.Weights, run.Weights);
    }

    [Fact]
    public void A_run_can_not_end_before_where_it_is()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 20);
        var before = run.Snapshot();
        var error = Assert.ThrowsAny<SinterException>(() => run.Train(run.Recipe("training.max_steps=15"), resume: true));
        Assert.Contains("step 20", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, run.Snapshot());
    }

    [Fact]
    public void A_damaged_checkpoint_is_set_aside_and_the_one_before_used()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 16);
        Assert.Equal([8, 16], run.Checkpoints);
        string file = run["checkpoints/step-000016/model.safetensors"];
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^5] ^= 1;
        File.WriteAllBytes(file, bytes);
        run.Train(null, resume: true);
        Assert.Contains(run.Warnings, w => w.Contains("step 16 is damaged", StringComparison.Ordinal)
            && w.Contains("step-000016.rejected", StringComparison.Ordinal));
        Assert.Equal(8, run.Events.OfType<RunStarted>().Last().FirstStep);
        Assert.Equal(s_whole.Value.Metrics, run.Metrics);
        Assert.Equal(s_whole.Value.Weights, run.Weights);
    }

    [Fact]
    public void Other_text_is_not_gone_on_with_in_silence()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe(), stopAt: 8);
        string text = Path.Combine(run.Folder, "..", "text.txt");
        File.WriteAllText(text, string.Concat(SmallLoop.Words(8000).Reverse()));
        run.Train(null, resume: true, stopAt: 9);
        Assert.Contains(run.Warnings, w => w.Contains("text", StringComparison.Ordinal) && w.Contains("changed", StringComparison.Ordinal));

        // A character more moves the ids of the others: the weights mean something else now.
        File.WriteAllText(text, SmallLoop.Words(8000).Replace('a', '!'));
        var error = Assert.ThrowsAny<SinterException>(() => run.Train(null, resume: true));
        Assert.Contains("tokenizer", error.Message, StringComparison.Ordinal);
    }
}
