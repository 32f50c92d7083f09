using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Schedules;

namespace Sinter.Tests.Recipes;

/// <summary>The same rules for recipes that are built in code.</summary>
public sealed class RecipeValidateTests
{
    private static Recipe Good()
    {
        var recipe = new Recipe();
        recipe.Data.Text = ["a.txt"];
        recipe.Training.MaxSteps = 10;
        return recipe;
    }

    private static string[] Errors(Action<Recipe> change)
    {
        var recipe = Good();
        change(recipe);
        return [.. Assert.Throws<RecipeException>(recipe.Validate).Errors];
    }

    [Fact]
    public void A_good_recipe_passes() => Good().Validate();

    [Fact]
    public void A_new_recipe_says_what_it_lacks() => Assert.Equal(
        ["data.text: must name at least one", "training.max_steps: set one of max_steps, max_tokens and epochs, so that the training ends"],
        Assert.Throws<RecipeException>(new Recipe().Validate).Errors);

    [Fact]
    public void All_errors_come_at_once() => Assert.Equal(
    [
        "name: is part of a folder's name and can't hold ':'",
        "data.tokenizer.vocab_size: must be at least 257 for bpe (256 bytes and the end-of-text token), not 100",
        "model.num_layers: must be from 1 to 4096, not 0",
        "model.dropout: must be in [0, 1), not nan",
        "model.num_kv_heads: gpt2 has no grouped heads; remove the key, or use architecture: llama",
        "training.batch_size.size: must be from 1 to 1048576, not -1",
        "training.optimizer.betas: must be in [0, 1), not 1.5",
        "training.precision: expected auto, fp32 or bf16, not 'fp64'",
        "training.schedule.warmup_steps: a warm-up of 11 steps is longer than the run of 10; shorten it, or train longer",
        "sample.top_k: must be at least 0, not -3",
    ], Errors(r =>
    {
        r.Name = "a:b";
        r.Data.Tokenizer.VocabSize = 100;
        (r.Model.NumLayers, r.Model.Dropout, r.Model.NumKvHeads) = (0, double.NaN, 2);
        (r.Training.BatchSize, r.Training.Precision, r.Training.Schedule.WarmupSteps) = (-1, "fp64", 11);
        ((AdamWOptions)r.Training.Optimizer).Betas = (0.9, 1.5);
        r.Sample.TopK = -3;
    }));

    [Fact]
    public void Null_is_an_error_and_no_crash() => Assert.Equal(
    [
        "name: must not be null", "data.text: must name at least one", "model: must not be null", "training.optimizer: must not be null",
        "training.schedule: must not be null", "sample.prompt: must not be null",
    ], Errors(r =>
    {
        (r.Name, r.Data.Text, r.Model, r.Training.Optimizer, r.Training.Schedule, r.Sample.Prompt) = (null!, null!, null!, null!, null!, null!);
    }));

    [Fact]
    public void Text_that_has_no_utf8_form_is_an_error() =>
        Assert.Equal(["sample.prompt: holds half a surrogate pair at character 1"], Errors(r => r.Sample.Prompt = "a\uD800b"));

    private sealed class OtherSchedule : ScheduleOptions
    {
        public override string Name => "other";
        protected override ISchedule Body(double peak, long steps, long warmup) => new ConstantSchedule(peak);
    }

    [Fact]
    public void A_strategy_outside_the_registry_is_named() => Assert.Equal(
        ["training.schedule: OtherSchedule is not in the registry under the name 'other'; add its schema there"],
        Errors(r => r.Training.Schedule = new OtherSchedule()));
}
