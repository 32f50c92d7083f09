using Sinter.Training;
using Sinter.Training.Batches;

namespace Sinter.Tests.Training.Batches;

/// <summary>Every batch policy, with windows and with documents: a step is the same however it is cut, the plan is exact, and a killed run goes on bit for bit.</summary>
public sealed class BatchPolicyWalkTests
{
    // Each policy computed at once and cut small. A new policy gets a line here; without it the first test fails.
    private static readonly Dictionary<string, (string Whole, string Cut)> s_all = new()
    {
        ["fixed"] = ("12", "4, gradient_accumulation: 3"),
        ["all"] = ("{ name: all, micro_batch: 1000 }", "{ name: all, micro_batch: 17 }"),
        ["random"] = ("{ name: random, min: 4, max: 14, multiple_of: 2 }", "{ name: random, min: 4, max: 14, multiple_of: 2, micro_batch: 5 }"),
        ["ramp"] = ("{ name: ramp, from: 3, to: 13, increment: 5, tokens: 120 }", "{ name: ramp, from: 3, to: 13, increment: 5, tokens: 120, micro_batch: 4 }"),
        ["tokens"] = ("{ name: tokens, size: 200, bucket_window: 50, micro_batch: 5000 }", "{ name: tokens, size: 200, bucket_window: 50, micro_batch: 40 }"),
        ["memory"] = ("12", "{ name: memory, size: 12, memory_limit: 95% }"),   // what fits depends on the machine; a limit that cuts is in MemoryBatchTests
    };

    public static TheoryData<string, string> Each() => [.. from name in s_all.Keys from form in (string[])["windows", "documents"] select (name, form)];

    [Fact]
    public void Each_is_walked() => Assert.Equal(BatchPolicyRegistry.All.Names.Order(), s_all.Keys.Order());

    // The sums of float32 in another order, as in AccumulationTests.
    [Theory]
    [MemberData(nameof(Each))]
    public void Cut_and_whole_have_the_same_losses(string name, string form)
    {
        using SmallRun whole = Run(name, form, s_all[name].Whole, 6), cut = Run(name, form, s_all[name].Cut, 6);
        Steps(whole).Zip(Steps(cut)).ToList().ForEach(pair =>
        {
            var (a, b) = pair;
            Assert.Equal((a.Step, a.Tokens, a.Sequences), (b.Step, b.Tokens, b.Sequences));
            Assert.True(Math.Abs(a.Loss - b.Loss) <= 1e-5 * a.Loss, $"step {a.Step}: {a.Loss} and {b.Loss}");
            // From the second step on, the weights have had an update of AdamW, which makes much of the smallest gradients.
            Assert.True(Math.Abs(a.GradientNorm - b.GradientNorm) <= (a.Step == 1 ? 1e-5 : 1e-4) * a.GradientNorm, $"step {a.Step}: {a.GradientNorm} and {b.GradientNorm}");
        });
        Assert.Equal(6, Steps(cut).Count);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Killed_and_resumed_is_the_run_that_was_not(string name, string form)
    {
        using SmallRun whole = Run(name, form, s_all[name].Cut, 9), killed = New(form);
        var kill = new SmallRun.Listener(e => { if (e is StepCompleted { Step: 5 }) throw new TimeoutException("killed"); });
        Assert.Throws<TimeoutException>(() => killed.Train(Recipe(killed, form, s_all[name].Cut, 9), listeners: kill));
        Assert.Equal([3], killed.Checkpoints);
        killed.Train(null, resume: true, stopAt: 7);
        killed.Train(null, resume: true);
        Assert.Empty(killed.Warnings);
        Assert.Equal(whole.Metrics, killed.Metrics);
        Assert.Equal(whole.Weights, killed.Weights);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void The_plan_is_what_happens(string name, string form)
    {
        foreach (string length in (string[])["epochs: 1.4", "max_tokens: 9000"])
        {
            using var run = New(form);
            run.Train(Recipe(run, form, s_all[name].Cut, 0, length));
            var started = run.Events.OfType<RunStarted>().Single();
            var steps = Steps(run);
            Assert.Equal(started.TotalSteps, steps.Count);
            Assert.Equal(started.TotalTokens, steps[^1].Tokens);
            long before = steps.Count == 1 ? 0 : steps[^2].Tokens;
            if (length.StartsWith("max", StringComparison.Ordinal)) Assert.InRange(9000, before + 1, steps[^1].Tokens);
        }
    }

    private static List<StepCompleted> Steps(SmallRun run) => [.. run.Events.OfType<StepCompleted>()];

    private static SmallRun Run(string name, string form, string batch, long steps)
    {
        var run = New(form);
        run.Train(Recipe(run, form, batch, steps));
        Assert.Equal(steps, Steps(run).Count);
        if (name is "random" or "ramp") Assert.True(Steps(run).Select(s => s.Sequences).Distinct().Count() > 1);
        return run;
    }

    private static SmallRun New(string form)
    {
        var run = new SmallRun();
        if (form == "documents") File.WriteAllText(Path.Combine(run.Folder, "..", "text.jsonl"), SmallLoop.Lines(SmallLoop.Words(8000)));
        return run;
    }

    private static Sinter.Recipes.Recipe Recipe(SmallRun run, string form, string batch, long steps, string? length = null) => run.Parse($$"""
        data: { text: {{(form == "documents" ? "text.jsonl" : "text.txt")}}, sequences: {{form}}, tokenizer: { kind: characters }, validation_fraction: 0.2 }
        model: { architecture: gpt2, num_layers: 1, num_heads: 2, hidden_size: 16, context_length: 20, dropout: 0.1 }
        training: { {{length ?? $"max_steps: {steps}"}}, batch_size: {{batch}}, optimizer: { name: adamw, learning_rate: 0.001 }, eval_every: {{(length is null ? 5 : 1000)}},
            save_every: {{(length is null ? 3 : 1000)}}, keep: 9,
            eval_tokens: 200, precision: fp32, threads: 2 }
        sample: { max_new_tokens: 0 }
        """);
}
