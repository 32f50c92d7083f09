using System.Text.Json;
using Sinter.Recipes;

namespace Sinter.Tests.Recipes;

public sealed class RecipeSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(RecipeSchema.ToJson()).RootElement;

    [Fact]
    public void The_committed_schema_is_the_current_one()
    {
        string path = Repository.Recipe("recipe.schema.json");
        // To renew the file after a change of the options: SINTER_UPDATE=1 dotnet run --project tests/Sinter.Tests
        if (Environment.GetEnvironmentVariable("SINTER_UPDATE") == "1") File.WriteAllText(path, RecipeSchema.ToJson());
        Assert.Equal(RecipeSchema.ToJson(), File.ReadAllText(path));
    }

    [Fact]
    public void What_the_writer_writes_fits_the_schema()
    {
        var random = new RandomRecipes(7);
        for (int i = 0; i < 100; i++) Assert.Empty(JsonSchemaCheck.Errors(Schema, YamlAsJson.Convert(RecipeWriter.Write(random.Next()))));
    }

    [Theory]
    [InlineData("sdk-docs.yaml")]
    [InlineData("sdk-docs-llama.yaml")]
    [InlineData("sdk-docs-questions.yaml")]
    [InlineData("shakespeare-char.yaml")]
    public void The_recipes_that_ship_fit_the_schema(string name) =>
        Assert.Empty(JsonSchemaCheck.Errors(Schema, YamlAsJson.Convert(File.ReadAllText(Repository.Recipe(name)))));

    [Fact]
    public void A_recipe_without_text_does_not_fit_the_schema()
    {
        Assert.NotEmpty(JsonSchemaCheck.Errors(Schema, YamlAsJson.Convert("training: { max_steps: 1 }")));
        Assert.NotEmpty(JsonSchemaCheck.Errors(Schema, YamlAsJson.Convert("data: { column: a }")));
    }

    [Theory]
    [InlineData("batch_size: { name: fixed, size: 3 }", true)]
    [InlineData("batch_size: { size: 3 }", true)]
    [InlineData("batch_size: fixed", true)]
    [InlineData("batch_size: 3", true)]
    [InlineData("batch_size: 0", false)]
    [InlineData("batch_size: 2.5", false)]
    [InlineData("batch_size: { name: any }", false)]
    [InlineData("gradient_clip: { name: norm, max: 2 }", true)]
    [InlineData("gradient_clip: 0", false)]
    [InlineData("gradient_clip: null", true)]
    [InlineData("schedule: constant", true)]
    [InlineData("schedule: { name: linear, warmup_steps: 3 }", true)]
    [InlineData("schedule: { warmup_steps: 3 }", true)]
    [InlineData("schedule: { name: constant, min_learning_rate: 1 }", false)]
    [InlineData("schedule: sine", false)]
    [InlineData("optimizer: null", false)]
    [InlineData("optimizer: { betas: [0.9, 0.99] }", true)]
    [InlineData("optimizer: { betas: [0.9, 1] }", false)]
    [InlineData("optimizer: { betas: [0.9] }", false)]
    [InlineData("max_stepz: 3", false)]
    [InlineData("precision: fp16", false)]
    [InlineData("keep: null", false)]
    [InlineData("eval_tokens: null", true)]
    [InlineData("seed: -1", false)]
    public void Schema_and_reader_agree(string training, bool good)
    {
        string yaml = $"data: {{ text: a }}\ntraining:\n  max_steps: 10\n  {training}\n";
        Assert.Equal(good, JsonSchemaCheck.Errors(Schema, YamlAsJson.Convert(yaml)).Count == 0);
        Assert.Equal(good, Record.Exception(() => RecipeReader.Parse(yaml, "r.yaml")) is null);
    }

    [Fact]
    public void Every_key_is_described()
    {
        var rows = RecipeSchema.Describe();
        Assert.All(rows, r => Assert.True(r.Description.Length > 10 && r.Type.Length > 0, r.ToString()));
        Assert.Contains(new("training.keep", "an integer", "at least 1", "2", "How many of the newest checkpoints stay."), rows);
        Assert.Contains(new("training.optimizer.betas", "a list of two numbers", "each in [0, 1)", "[0.9, 0.999]",
            "(adamw) Decay rates of the first and second moment."), rows);
        Assert.Contains(rows, r => r is { Path: "training.gradient_clip", Default: "1.0" });
        Assert.Contains(rows, r => r is { Path: "training.schedule", Default: "cosine" });
        Assert.Contains(rows, r => r is { Path: "data.text", Default: "" });
        string help = RecipeSchema.ToHelp();
        Assert.Equal(2 * rows.Count, help.Count(c => c == '\n'));
        Assert.Contains("data.text: text or a list of texts; required\n    Files, folders, globs, or a built-in source: sdk-docs.\n", help,
            StringComparison.Ordinal);
        Assert.Contains("data.validation_fraction: a number, in (0, 1); default 0.1\n", help, StringComparison.Ordinal);
    }
}
