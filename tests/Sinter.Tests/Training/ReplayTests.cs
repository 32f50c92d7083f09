using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Monitoring;

namespace Sinter.Tests.Training;

/// <summary>Old text among the new, and what is forgotten of it.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly SmallRun _base = new("base");

    public ReplayTests() => _base.Train(_base.Recipe("training.max_steps=30"));

    public void Dispose() => _base.Dispose();

    [Theory, InlineData(0.1), InlineData(0.25), InlineData(0.5), InlineData(0.9), InlineData(1.0 / 3)]
    public void Old_sequences_come_evenly_and_each_once(double fraction)
    {
        var mixed = new MixedSequences(new Numbers(0, 7), new Numbers(1000, 5), fraction);
        var seen = Enumerable.Range(0, 400).Select(i => (IsOld: mixed.IsOld(i), Token: First(mixed, i))).ToList();
        Assert.Equal(Enumerable.Range(1000, seen.Count(s => s.IsOld)), seen.Where(s => s.IsOld).Select(s => s.Token));
        Assert.Equal(Enumerable.Range(0, seen.Count(s => !s.IsOld)), seen.Where(s => !s.IsOld).Select(s => s.Token));
        for (int n = 1; n <= seen.Count; n++) Assert.InRange(seen.Take(n).Count(s => s.IsOld), n * fraction - 1, n * fraction);
        for (int first = 0; first < 20; first++)
            for (int count = 0; count < 20; count++)
                Assert.Equal(Enumerable.Range(first, count).Sum(i => mixed.WidthOf(i)), mixed.TargetsOf(first, count));
        for (int i = 0; i < 60; i++)
        {
            long end = mixed.BucketEnd(i);   // buckets of ten new sequences
            Assert.True(end > i);
            Assert.Equal(seen.Take((int)end).Count(s => !s.IsOld) / 10.0, Math.Floor(seen.Take(i).Count(s => !s.IsOld) / 10.0) + 1);
        }
    }

    /// <summary>The old data's figures stand beside the new's from step 0 on; a run that is stopped and resumed sees the same sequences.</summary>
    [Theory, InlineData("data.replay.fraction=0.3"), InlineData("training.penalty={name: ewc, strength: 100, sequences: 4}", "data.replay.fraction=0")]
    public void What_is_forgotten_is_measured_and_the_run_resumes(params string[] sets)
    {
        using SmallRun whole = new("tuned"), parts = new("tuned");
        Train(whole, sets, -1);
        Train(parts, sets, 5);
        parts.Train(null, resume: true, stopAt: 9);
        parts.Train(null, resume: true);
        Assert.Equal(whole.Weights, parts.Weights);

        var evaluated = whole.Metrics.Where(m => m.IsEvaluated).ToList();
        Assert.Equal(4, evaluated.Count);
        double Old(int i) => evaluated[i].Metrics.Single(m => m.Key == OldDataEvaluator.Loss).Value;
        Assert.Equal(_base.Metrics.Last(m => m.IsEvaluated).ValidationLoss!.Value, Old(0), 1e-5);
        Assert.NotEqual(Old(0), Old(3));
        var forgetting = Forgetting.Of(whole.Metrics)!;
        Assert.Equal((Old(0), Old(3), 12), (forgetting.LossBefore, forgetting.LossAfter, forgetting.Step));
        Assert.Contains("What was learned before", File.ReadAllText(whole["report.html"]), StringComparison.Ordinal);
        Assert.Null(Forgetting.Of(_base.Metrics));
        Assert.Contains(OldDataEvaluator.Loss, File.ReadAllText(parts["metrics.jsonl"]));
    }

    /// <summary>A learning rate is looked for with what the run is trained with.</summary>
    [Fact]
    public void The_rate_finder_mixes_and_holds_too()
    {
        using SmallRun run = new("tuned");
        string[] sets = ["data.replay.fraction=0.3", "training.penalty={name: ewc, strength: 1e7, sequences: 4}"];
        Train(run, [.. sets, "training.schedule={ name: increasing, shape: exponential, start_factor: 0.1 }"], -1);
        double[] trained = [.. run.Events.OfType<Sinter.Training.StepCompleted>().Select(s => s.Loss)];
        var found = Losses(sets);
        for (int i = 0; i < 12; i++) Assert.Equal(trained[i], found[i], 1e-4);
        Assert.NotEqual(trained[11], Losses(sets[..1])[11], 1e-3);

        IReadOnlyList<double> Losses(string[] with) =>
            new Sinter.Advice.RateFinder(1e-3, 0.01 * Math.Pow(0.1, 1 / 12.0), 12).Run(Recipe(run, with), new Deaf(), TestContext.Current.CancellationToken).Losses;
    }

    private sealed class Deaf : Sinter.Training.ITrainingListener
    {
        public void On(Sinter.Training.TrainingEvent e) { }
    }

    [Theory]
    [InlineData("data.replay=old.txt", "model.pretrained"), InlineData("training.penalty=ewc", "data.replay")]
    public void What_has_no_meaning_is_an_error(string set, string message)
    {
        using var run = new SmallRun("small");
        Assert.Contains(message, Assert.Throws<RecipeException>(() => run.Recipe(set.Replace("data.replay=old.txt", "data.replay={text: old.txt}", StringComparison.Ordinal))).Message);
    }

    private void Train(SmallRun run, string[] sets, long stopAt) => run.Train(Recipe(run, sets), stopAt: stopAt);

    private Sinter.Recipes.Recipe Recipe(SmallRun run, string[] sets)
    {
        string text = Path.Combine(Path.GetDirectoryName(run.Folder)!, "new.txt"), old = Path.Combine(Path.GetDirectoryName(_base.Folder)!, "text.txt");
        File.WriteAllText(text, new string([.. SmallLoop.Words(8000).Reverse()]));
        return Sinter.Recipes.RecipeReader.Parse($$"""
            name: tuned
            data: { text: new.txt, validation_fraction: 0.2, replay: { text: '{{old}}' } }
            model: { pretrained: '{{_base.Folder}}', context_length: 16 }
            training: { max_steps: 12, batch_size: 3, gradient_accumulation: 2, optimizer: { name: adamw, learning_rate: 0.01 }, eval_every: 4, save_every: 4, keep: 2,
                eval_tokens: 200, precision: fp32, threads: 2 }
            sample: { max_new_tokens: 0 }
            """, Path.Combine(Path.GetDirectoryName(run.Folder)!, "recipe.yaml"), sets);
    }

    private static int First(ISequences sequences, long sequence)
    {
        int[] inputs = new int[16], targets = new int[16];
        sequences.Fill(sequence, inputs, targets);
        return inputs[0];
    }

    /// <summary>Sequence n has n + an offset for tokens, and a width of its own; buckets are of ten.</summary>
    private sealed class Numbers(int offset, int widths) : ITrainingSequences
    {
        public int ContextLength => 16;
        public long PerPass => 100;
        public bool HasOneLength => false;

        public int WidthOf(long sequence) => 1 + (int)(sequence % widths);

        public long TargetsOf(long first, long count) => Enumerable.Range((int)first, (int)count).Sum(i => WidthOf(i));

        public long BucketEnd(long sequence) => (sequence / 10 + 1) * 10;

        public string Describe(long first, long count) => "numbers";

        public int Fill(long sequence, SequenceRow row)
        {
            row.Inputs.Fill((int)sequence + offset);
            return WidthOf(sequence);
        }
    }
}
