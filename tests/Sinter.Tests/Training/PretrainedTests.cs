using Sinter.Recipes;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>Runs that start from the weights of another.</summary>
public sealed class PretrainedTests
{
    private const string Rest = """

        training: { max_steps: 40, batch_size: 3, optimizer: { name: adamw, learning_rate: 0.001 }, eval_every: 20, eval_tokens: 200, precision: fp32, threads: 2 }
        sample: { max_new_tokens: 5 }
        """;

    [Fact]
    public void A_run_starts_where_the_pretrained_model_is()
    {
        using SmallRun first = new(), second = new("second");
        var trained = first.Train(first.Recipe());
        var result = second.Train(second.Parse(Recipe(first.Folder)));
        Assert.Equal(trained.ValidationLoss, second.Metrics[0].ValidationLoss);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.True(result.ValidationLoss < trained.ValidationLoss);
        // The config's own dropout is that of the base; the recipe as resolved knows how long sequences are.
        Assert.Equal(0.1, second.Events.OfType<RunStarted>().Single().Model.ResidualDropout);
        Assert.Equal(16, RecipeReader.Read(second["recipe.yaml"]).Model.ContextLength);
    }

    [Fact]
    public void Stopped_and_resumed_it_is_the_run_that_was_not()
    {
        using SmallRun first = new(), whole = new("whole"), run = new("run");
        first.Train(first.Recipe());
        whole.Train(whole.Parse(Recipe(first.Folder, ", dropout: 0.2, context_length: 8")));
        run.Train(run.Parse(Recipe(first.Folder, ", dropout: 0.2, context_length: 8")), stopAt: 4);
        run.Train(run.Parse(Recipe(first.Folder, ", dropout: 0.2, context_length: 8")), resume: true);
        Assert.Empty(run.Warnings);
        Assert.Equal(whole.Metrics, run.Metrics);
        Assert.Equal(whole.Weights, run.Weights);
    }

    [Fact]
    public void What_does_not_fit_the_pretrained_model_is_refused()
    {
        using SmallRun first = new(), run = new("other");
        first.Train(first.Recipe());
        Refused<RecipeException>(", num_layers: 3, bias: false", "decides num_layers, bias; remove these keys");
        Refused<RecipeException>(", context_length: 17", "17 is more than the 16 positions");
        Assert.Contains("there is no such folder", Assert.Throws<CheckpointException>(() => run.Train(run.Parse(Recipe("nowhere")))).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(run.Folder)!, "text.txt"), string.Concat(Enumerable.Repeat("語 text ", 500)));
        Refused<DataException>("", "語");
        Assert.False(Directory.Exists(run.Folder));

        void Refused<T>(string model, string expected) where T : SinterException =>
            Assert.Contains(expected, Assert.Throws<T>(() => run.Train(run.Parse(Recipe(first.Folder, model)))).Message, StringComparison.Ordinal);
    }

    private static string Recipe(string pretrained, string model = "") =>
        $"data: {{ text: text.txt, validation_fraction: 0.2 }}\nmodel: {{ pretrained: '{pretrained}'{model} }}{Rest}";
}
