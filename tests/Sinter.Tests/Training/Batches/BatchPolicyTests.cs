using Sinter.Data;
using Sinter.Recipes;
using Sinter.Tests.Data;
using Sinter.Training;
using Sinter.Training.Batches;

namespace Sinter.Tests.Training.Batches;

/// <summary>What each policy gives a step.</summary>
public sealed class BatchPolicyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_reaches_every_multiple_equally_and_is_a_function_of_seed_and_step()
    {
        RandomBatch policy = new(5, 21, 4, 6, seed: 3), same = new(5, 21, 4, 9, seed: 3), other = new(5, 21, 4, 6, seed: 4);
        var drawn = Enumerable.Range(1, 20_000).Select(s => policy.At(new StepStart(s, 7 * s, 11 * s)).Sequences).ToArray();
        Assert.Equal([8, 12, 16, 20], drawn.Distinct().Order());
        // A share of 1/4 of 20,000 has a deviation of 61.
        Assert.All(drawn.GroupBy(n => n), g => Assert.InRange(g.Count(), 5000 - 300, 5000 + 300));
        for (int s = 20_000; s > 0; s -= 997) Assert.Equal(drawn[s - 1], same.At(new StepStart(s, 0, 0)).Sequences);
        Assert.NotEqual(drawn[..50], Enumerable.Range(1, 50).Select(s => other.At(new StepStart(s, 0, 0)).Sequences));
    }

    // Megatron-LM's rule written out: the batch after k increments holds from the k-th share of the ramp's tokens on.
    [Theory]
    [InlineData(4, 32, 1000, 4), InlineData(1, 8, 7, 7), InlineData(3, 30, 100, 9), InlineData(16, 1 << 20, long.MaxValue, 1 << 4)]
    public void Ramp_grows_by_increments_in_equal_shares(int from, int to, long tokens, int increment)
    {
        RampBatch policy = new(from, to, tokens, increment, 2);
        Int128 increments = (to - from) / increment;
        long last = 0;
        for (int k = 0; k <= 1000; k++)
        {
            long seen = (long)((Int128)tokens * k / 1000);
            long sequences = policy.At(new StepStart(1, 0, seen)).Sequences, done = (sequences - from) / increment;
            Assert.Equal(0, (sequences - from) % increment);
            Assert.True((Int128)done * tokens <= (Int128)seen * increments && (Int128)seen * increments < (Int128)(done + 1) * tokens, $"{sequences} at {seen}");
            Assert.True(sequences >= last);
            last = sequences;
        }
        Assert.Equal((from, to), (policy.At(new StepStart(1, 0, 0)).Sequences, last));
        Assert.Equal(to, policy.At(new StepStart(9, 9, long.MaxValue)).Sequences);
    }

    [Theory]
    [InlineData("windows"), InlineData("documents")]
    public void All_takes_each_sequence_once_a_step(string form)
    {
        var options = new TrainingOptions { MaxSteps = 3, BatchSize = new AllBatchOptions { MicroBatch = 7 } };
        using var corpus = Corpus();
        var train = TrainingData.Of(corpus, new DataOptions { Sequences = form }, options, 16).Train;
        var policy = options.BatchSize.Create(new BatchFacts(train, 1, options.Seed));
        long first = 0;
        for (int step = 1; step <= 3; step++)
        {
            var batch = policy.At(new StepStart(step, first, 0));
            Assert.Equal(train.PerPass, batch.Sequences);
            var starts = Enumerable.Range(0, (int)batch.Sequences).Select(i => train.Describe(first + i, 1).Split(" token ")[1]).ToArray();
            Assert.Equal(starts.Length, starts.Distinct().Count());
            first += batch.Sequences;
        }
    }

    [Fact]
    public void Tokens_fills_its_budget_and_never_more()
    {
        using var corpus = Corpus();
        var options = new TrainingOptions { BatchSize = new TokenBatchOptions { Size = 150, BucketWindow = 1 } };
        var train = TrainingData.Of(corpus, new DataOptions { Sequences = "documents" }, options, 40).Train;
        var policy = options.BatchSize.Create(new BatchFacts(train, 1, 1));
        long first = 0;
        for (int step = 1; step <= 200; step++)
        {
            long sequences = policy.At(new StepStart(step, first, 0)).Sequences;
            long targets = Enumerable.Range(0, (int)sequences).Sum(i => (long)train.WidthOf(first + i));
            Assert.InRange(targets, 150 - train.WidthOf(first + sequences) + 1, 150);
            first += sequences;
        }
        var windows = TrainingData.Of(corpus, new DataOptions(), options, 40).Train;
        Assert.Equal(3, options.BatchSize.Create(new BatchFacts(windows, 1, 1)).At(new StepStart(5, 100, 4000)).Sequences);
    }

    [Theory]
    [InlineData("recipe.yaml:3", "training.batch_size.to: 4 must be more than from (8)", "{ name: ramp, from: 8, to: 4 }")]
    [InlineData("recipe.yaml:3", "training.batch_size.increment: 3 does not divide", "{ name: ramp, from: 8, to: 12, increment: 3 }")]
    [InlineData("recipe.yaml:3", "training.batch_size.min: 9 is more than max (8)", "{ name: random, min: 9, max: 8 }")]
    [InlineData("recipe.yaml:3", "no multiple of 8 lies between", "{ name: random, min: 9, max: 15, multiple_of: 8 }")]
    [InlineData("recipe.yaml:3", "63 tokens a step do not hold one sequence of model.context_length (64)", "{ name: tokens, size: 63 }")]
    [InlineData("recipe.yaml:3", "63 tokens at a time do not hold", "{ name: tokens, size: 640, micro_batch: 63 }")]
    [InlineData("recipe.yaml:3", "gradient_accumulation: has no meaning with batch_size all", "{ name: all }, gradient_accumulation: 2")]
    [InlineData("recipe.yaml:1", "data.sequences: with one text file there is one document", "4, gradient_accumulation: 2", "sequences: documents, ")]
    public void What_has_no_meaning_is_refused_with_its_line(string line, string message, string batch, string data = "")
    {
        File.WriteAllText(Path.Combine(_folder.Path, "text.txt"), "text");
        var error = Assert.Throws<RecipeException>(() => RecipeReader.Parse($$"""
            data: { {{data}}text: text.txt }
            model: { num_layers: 1, num_heads: 1, hidden_size: 8, context_length: 64 }
            training: { max_steps: 3, batch_size: {{batch}} }
            """, Path.Combine(_folder.Path, "recipe.yaml")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
    }

    private TokenCorpus Corpus()
    {
        string path = Path.Combine(_folder.Path, "text.jsonl");
        File.WriteAllText(path, SmallLoop.Lines(SmallLoop.Words(6000)));
        return Corpora.Build(_folder, Corpora.Options("characters", path));
    }
}
