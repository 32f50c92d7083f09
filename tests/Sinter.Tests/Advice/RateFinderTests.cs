using Sinter.Advice;
using Sinter.Data;
using Sinter.Recipes;
using Sinter.Tests.Training;
using Sinter.Training;

namespace Sinter.Tests.Advice;

public sealed class RateFinderTests
{
    private sealed class Listener(Action<TrainingEvent>? heard = null) : ITrainingListener
    {
        public List<TrainingEvent> Events { get; } = [];

        public void On(TrainingEvent e)
        {
            Events.Add(e);
            heard?.Invoke(e);
        }
    }

    private static RateSweep Find(Recipe recipe, double from = 1e-5, double to = 1, long steps = 60, Action<TrainingEvent>? heard = null,
        CancellationTokenSource? stop = null) =>
        new RateFinder(from, to, steps).Run(recipe, new Listener(heard), stop?.Token ?? TestContext.Current.CancellationToken);

    [Fact]
    public void Rates_rise_by_one_factor_from_the_first_to_the_last()
    {
        using var run = new SmallRun();
        var sweep = Find(run.Recipe());
        Assert.Equal(60, sweep.Rates.Count);
        for (int i = 0; i < 60; i++) Assert.Equal(Math.Log(1e-5) + i / 59.0 * Math.Log(1e5), Math.Log(sweep.Rates[i]), 1e-9);
        Assert.InRange(sweep.Suggestion!.Value, 1e-4, 0.3);
        Assert.False(sweep.HasDiverged);
    }

    [Fact]
    public void It_is_the_training_loop_of_the_recipe()
    {
        using var run = new SmallRun();
        run.Train(run.Recipe("training.schedule={ name: increasing, shape: exponential, start_factor: 0.001 }", "training.optimizer.learning_rate=0.1"));
        double[] trained = [.. run.Events.OfType<StepCompleted>().Select(s => s.Loss)];
        double last = 0.1 * Math.Pow(0.001, 1 / 30.0);
        var sweep = Find(run.Recipe("training.max_steps=7", "training.stop=[{ name: patience, patience: 1 }]", "training.average=ema"), 1e-4, last, 30);
        // Rates agree within rounding, and so do the weights.
        for (int i = 0; i < 30; i++) Assert.Equal(trained[i], sweep.Losses[i], 1e-4);
    }

    [Fact]
    public void It_ends_where_the_loss_diverges()
    {
        using var run = new SmallRun();
        var sweep = Find(run.Recipe("training.gradient_clip=null"), 1e-3, 1e12, 200);
        Assert.True(sweep.HasDiverged);
        Assert.InRange(sweep.Rates.Count, 5, 199);
        Assert.All(sweep.Losses, l => Assert.True(double.IsFinite(l)));
    }

    [Fact]
    public void Cancelled_it_gives_what_there_is()
    {
        using var run = new SmallRun();
        using var stop = new CancellationTokenSource();
        var sweep = Find(run.Recipe(), heard: e =>
        {
            if (e is StepCompleted { Step: 45 }) stop.Cancel();
        }, stop: stop);
        Assert.Equal(45, sweep.Rates.Count);
        Assert.False(sweep.HasDiverged);
        Assert.NotNull(sweep.Steepest);
    }

    [Fact]
    public void It_writes_nothing_and_changes_neither_recipe_nor_cache()
    {
        using var run = new SmallRun();
        var recipe = run.Recipe();
        Find(recipe, steps: 10);
        string before = RecipeWriter.Write(recipe);
        var cached = Cached();
        Find(recipe, steps: 10);
        Assert.Equal(before, RecipeWriter.Write(recipe));
        Assert.Equal(cached, Cached());
        Assert.NotEmpty(cached);
        Assert.False(Directory.Exists(run.Folder));
    }

    private static List<string> Cached() => [.. Directory.EnumerateFiles(Environment.GetEnvironmentVariable(CacheFolder.Variable)!, "*", SearchOption.AllDirectories)
        .Order().Select(f => $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}")];
}
