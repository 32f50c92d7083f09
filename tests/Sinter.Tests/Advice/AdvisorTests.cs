using System.Globalization;
using Sinter.Advice;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Recipes;

namespace Sinter.Tests.Advice;

public sealed class AdvisorTests
{
    private static AdviceFacts Facts(long parameters = 800_000, long tokens = 1_000_000, params MetricsLine[] history) =>
        new(parameters, parameters * 9 / 10, 65, 64, tokens, history);

    private static MetricsLine Evaluated(long step, double loss) => new(step, step * 1000, null, null, null, null, null, loss, 0.5);

    private static string Value(AdviceFacts facts, string key) => Advisor.Suggest(facts).Single(r => r.Key == key).Value;

    private static double Number(AdviceFacts facts, string key) => double.Parse(Value(facts, key), CultureInfo.InvariantCulture);

    // What is suggested can be said to a recipe as it is.
    [Theory]
    [InlineData(1_000, 70)]
    [InlineData(800_000, 1_000_000)]
    [InlineData(124_000_000, 10_000_000_000)]
    [InlineData(70_000_000_000, 1_000_000)]
    public void Every_suggestion_is_a_valid_override(long parameters, long tokens)
    {
        var suggestions = Advisor.Suggest(Facts(parameters, tokens));
        var recipe = RecipeReader.Parse("data: { text: a.txt }", "a.yaml", suggestions.Select(s => $"{s.Key}={s.Value}"));
        Assert.Equal(Value(Facts(parameters, tokens), "training.max_tokens"), $"{recipe.Training.MaxTokens}");
        Assert.All(suggestions, s => Assert.True(s.Reason.Length > 10 && s.Source.Length > 0, s.Key));
    }

    [Theory]
    [InlineData("classify", "validation_f1", false, false), InlineData("regress", "validation_r2", true, false), InlineData("{ name: instruct, chat_template: chatml }", "validation_loss", true, true)]
    public void Suggestions_for_examples_are_valid_overrides_too(string task, string metric, bool pretrained, bool adapter)
    {
        var facts = Facts(50_000, 40_000) with { Examples = new ExampleFacts(1000, 1000, metric, pretrained, adapter) };
        var suggestions = Advisor.Suggest(facts);
        var recipe = RecipeReader.Parse("data: { text: a.jsonl }", "a.yaml", suggestions.Select(s => $"{s.Key}={s.Value}").Prepend($"task={task}"));
        Assert.Equal($"{recipe.Training.Epochs}", Value(facts, "training.epochs"));
        Assert.Equal(metric, recipe.Training.Best!.Metric);
        Assert.Equal(metric, recipe.Task.MainMetric);
        Assert.Equal(!pretrained, suggestions.Any(s => s.Key == "model.dropout"));
        Assert.DoesNotContain(suggestions, s => s.Key is "training.max_tokens" or "training.max_steps");
    }

    // 32 examples of 40 tokens are 1024 and a bit; a pass has 39 steps, so that 20 passes are 780.
    [Fact]
    public void Batch_and_length_follow_from_the_examples()
    {
        var facts = Facts(110_000_000, 40_000) with { Examples = new ExampleFacts(1000, 1000, "validation_f1", true, false) };
        Assert.Equal("{ name: tokens, size: 1024 }", Value(facts, "training.batch_size"));
        Assert.Equal(20, Number(facts, "training.epochs"));
        Assert.Equal(3e-5, Number(facts, "training.optimizer.learning_rate"));
        var many = facts with { TrainTokens = 40_000_000, Examples = new ExampleFacts(1_000_000, 1_000_000, "validation_f1", true, true) };
        Assert.Equal(3, Number(many, "training.epochs"));
        Assert.Equal(2e-4, Number(many, "training.optimizer.learning_rate"));
        // The best of its evaluations was at step 20 of a thousand examples each: after 20 passes.
        var overfit = facts with { History = [Evaluated(10, 0.9), Evaluated(20, 0.5), Evaluated(40, 0.8)] };
        Assert.Equal(20, Number(overfit, "training.epochs"));
    }

    // 20 tokens a parameter where there is enough text, else four passes.
    [Theory]
    [InlineData(800_000, 1_000_000, 4_000_000)]
    [InlineData(100_000, 1_000_000, 2_000_000)]
    public void Length_follows_from_the_model_or_from_the_text(long parameters, long tokens, double want) =>
        Assert.Equal(want, Number(Facts(parameters, tokens), "training.max_tokens"));

    // The rules themselves, at the middle of what they were fitted on: 1e20 FLOP, far from the bounds.
    [Fact]
    public void Batch_and_learning_rate_are_the_fitted_laws()
    {
        var facts = new AdviceFacts(1_000_000_000, 1_000_000_000, 32_000, 1024, 10_000_000_000, []);
        double flops = 6 * 1e9 * 20e9;
        Assert.Equal(Math.Round(0.2920 * Math.Pow(flops, 0.3271) / 1024), Number(facts, "training.batch_size"));
        Assert.Equal(0.3118 * Math.Pow(flops, -0.125), Number(facts, "training.optimizer.learning_rate"), 5e-5);
        Assert.Equal("[0.9, 0.95]", Value(facts, "training.optimizer.betas"));
        Assert.Equal("0.0", Value(facts with { TrainTokens = 40_000_000_000 }, "model.dropout"));
    }

    [Fact]
    public void A_run_that_learned_by_heart_is_shortened_and_regularized()
    {
        var facts = Facts(history: [Evaluated(100, 2.5), Evaluated(200, 2.0), Evaluated(300, 1.9), Evaluated(400, 2.1)]);
        Assert.Equal(300_000, Number(facts, "training.max_tokens"));
        Assert.Equal("0.2", Value(facts, "model.dropout"));
    }

    [Fact]
    public void A_run_that_still_learned_is_lengthened()
    {
        var facts = Facts(history: [Evaluated(1000, 2.5), Evaluated(2000, 2.0), Evaluated(3000, 1.9), Evaluated(4000, 1.8)]);
        Assert.Equal(8_000_000, Number(facts, "training.max_tokens"));
    }

    [Fact]
    public void A_curve_that_is_flat_changes_nothing()
    {
        var facts = Facts(history: [Evaluated(1000, 2.0), Evaluated(2000, 1.9), Evaluated(3000, 1.899), Evaluated(4000, 1.9)]);
        Assert.Equal(Advisor.Suggest(Facts()), Advisor.Suggest(facts));
    }

    [Fact]
    public void Blocks_are_counted_without_embeddings_and_head()
    {
        var config = Architectures.Configure(new ModelOptions { NumLayers = 2, HiddenSize = 32, NumHeads = 2, ContextLength = 16, Bias = false }, 100, null);
        var facts = AdviceFacts.Of(config, 5, []);
        Assert.Equal(2 * (12 * 32 * 32 + 2 * 32), facts.BlockParameters);
        Assert.Equal(facts.BlockParameters + 100 * 32 + 16 * 32 + 32, facts.Parameters);
    }
}
