using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Schedules;

namespace Sinter.Tests.Recipes;

public sealed class RecipeWriterTests
{
    private static Recipe Least() => RecipeReader.Parse("data: { text: sdk-docs }\ntraining: { max_steps: 100 }\n", "small.yaml");

    [Fact]
    public void Every_key_is_written() => Assert.Equal("""
        schema_version: 1
        name: small
        task:
          name: language-model
        data:
          text:
            - sdk-docs
          column: text
          tokenizer:
            kind: bpe
            vocab_size: 4096
            min_frequency: 2
            lowercase: false
            special_tokens: []
          sequences: windows
          validation: []
          validation_fraction: 0.1
        model:
          pretrained: null
          weights: strict
          architecture: gpt2
          num_layers: 4
          num_heads: 4
          num_kv_heads: null
          head_size: null
          hidden_size: 128
          intermediate_size: null
          context_length: null
          sliding_window: null
          rope_theta: null
          dropout: null
          embedding_dropout: null
          attention_dropout: null
          residual_dropout: null
          stochastic_depth: 0.0
          bias: null
          tie_embeddings: null
          initializer: null
          initializers: []
        adapter: null
        training:
          max_steps: 100
          max_tokens: null
          epochs: null
          batch_size: 12
          gradient_accumulation: 1
          activation_checkpointing: false
          optimizer:
            name: adamw
            learning_rate: 0.001
            betas: [0.9, 0.999]
            epsilon: 1.0e-08
            weight_decay: 0.01
            amsgrad: false
          parameter_groups: []
          layer_decay: 1.0
          unfreeze: null
          schedule:
            name: cosine
            warmup_steps: 0
            warmup: null
            min_learning_rate: 0.0
          gradient_clip: 1.0
          average: null
          penalty: null
          stop: []
          label_smoothing: 0.0
          z_loss: 0.0
          eval_every: 250
          eval_tokens: null
          save_every: 500
          keep: 2
          seed: 1
          precision: auto
          threads: 0
        sample:
          prompt: ""
          max_new_tokens: 100
          temperature: 0.8
          top_k: 200

        """, RecipeWriter.Write(Least()));

    [Fact]
    public void What_was_written_reads_back_equal()
    {
        var random = new RandomRecipes(20261122);
        for (int i = 0; i < 1000; i++)
        {
            var recipe = random.Next();
            string yaml = RecipeWriter.Write(recipe);
            var back = RecipeReader.Parse(yaml, "elsewhere/other.yaml");
            Assert.Empty(RecipeDiff.Compare(recipe, back));
            Assert.Equal(yaml, RecipeWriter.Write(back));
            Assert.Equal(recipe.Resolved?.InstructionSet, back.Resolved?.InstructionSet);
            Assert.Equal((recipe.Sample.Prompt, recipe.Training.Seed, recipe.Training.Optimizer.LearningRate),
                (back.Sample.Prompt, back.Training.Seed, back.Training.Optimizer.LearningRate));
            Assert.Equal(recipe.Data.Text, back.Data.Text);
        }
    }

    [Fact]
    public void A_wrong_recipe_is_not_written()
    {
        var recipe = Least();
        recipe.Model.NumHeads = 3;
        Assert.Throws<RecipeException>(() => RecipeWriter.Write(recipe));
    }

    [Fact]
    public void Differences_are_listed_with_both_values()
    {
        var old = Least();
        var changed = Least();
        changed.Training.MaxSteps = 200;
        changed.Training.GradientClip = null;
        changed.Training.Schedule = new ConstantOptions { WarmupSteps = 5 };
        ((AdamWOptions)changed.Training.Optimizer).Betas = (0.9, 0.95);
        changed.Data.Text = ["sdk-docs", "/x y"];
        changed.Resolved = new() { Threads = 9 };
        Assert.Equal(
        [
            new("data.text", "[sdk-docs]", "[sdk-docs, \"/x y\"]"),
            new("training.max_steps", "100", "200"),
            new("training.optimizer.betas", "[0.9, 0.999]", "[0.9, 0.95]"),
            new("training.schedule.name", "cosine", "constant"),
            new("training.schedule.warmup_steps", "0", "5"),
            new("training.schedule.min_learning_rate", "0.0", ""),
            new("training.gradient_clip", "1.0", "null"),
            new("training.schedule.factor", "", "1.0"),
        ], RecipeDiff.Compare(old, changed));
        Assert.Empty(RecipeDiff.Compare(old, Least()));
    }
}
