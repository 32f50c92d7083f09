using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Recipes;

public sealed class RecipeReaderTests
{
    private const string Least = "data: { text: a.txt }\ntraining: { max_steps: 100 }\n";

    private static Recipe Read(string yaml, params string[] sets) => RecipeReader.Parse(yaml, "folder/small.yaml", sets);

    private static Recipe Train(string training, params string[] sets) =>
        Read("data: { text: a.txt }\ntraining:\n  max_steps: 100\n" + training, sets);

    [Fact]
    public void The_least_recipe_has_every_default()
    {
        var recipe = Read(Least);
        Assert.Equal("small", recipe.Name);
        var defaults = new Recipe { Name = "small" };
        defaults.Data.Text = [Path.GetFullPath("folder/a.txt")];
        defaults.Training.MaxSteps = 100;
        Assert.Empty(RecipeDiff.Compare(defaults, recipe));
        Assert.Null(recipe.Resolved);
    }

    [Fact]
    public void Every_key_of_a_full_recipe_is_read()
    {
        var r = Read("""
            schema_version: 1
            name: my run
            data: { text: [sdk-docs, "b c.txt"], column: body, tokenizer: { kind: bytes, vocab_size: 300 }, validation_fraction: 0.25 }
            model: { architecture: llama, num_layers: 3, num_heads: 6, num_kv_heads: 2, hidden_size: 96, intermediate_size: 200, context_length: 32,
                     dropout: 0.5, bias: true, tie_embeddings: false }
            training:
              max_tokens: 2e6
              batch_size: 7
              gradient_accumulation: 3
              optimizer: { name: adamw, learning_rate: 2e-3, betas: [0.8, 0.95], epsilon: 1E-6, weight_decay: 0.2 }
              schedule: { name: linear, warmup_steps: 11, min_learning_rate: 1.5e-4 }
              gradient_clip: 0.5
              eval_every: 13
              eval_tokens: 4096
              save_every: 17
              keep: 5
              seed: 18446744073709551615
              precision: bf16
              threads: 3
            sample: { prompt: "Once\nupon", max_new_tokens: 0, temperature: 0, top_k: 9 }
            resolved: { precision: fp32, instruction_set: avx2, threads: 2 }
            """);
        Assert.Equal("my run", r.Name);
        Assert.Equal(["sdk-docs", Path.GetFullPath("folder/b c.txt")], r.Data.Text);
        Assert.Equal(("body", "bytes", 300, 0.25), (r.Data.Column, r.Data.Tokenizer.Kind, r.Data.Tokenizer.VocabSize, r.Data.ValidationFraction));
        var m = r.Model;
        Assert.Equal(("llama", 3, 6, 2, 96, 200, 32), (m.Architecture, m.NumLayers, m.NumHeads, m.NumKvHeads, m.HiddenSize, m.IntermediateSize,
            m.ContextLength));
        Assert.Equal((0.5, true, false), (m.Dropout, m.Bias, m.TieEmbeddings));
        var t = r.Training;
        Assert.Equal((null, 2_000_000L, null), (t.MaxSteps, t.MaxTokens, t.Epochs));
        Assert.Equal((7, 3, 0.5, 13L, 4096L, 17L, 5), (Size(t), t.GradientAccumulation, Max(t), t.EvalEvery, t.EvalTokens,
            t.SaveEvery, t.Keep));
        Assert.Equal((ulong.MaxValue, "bf16", 3), (t.Seed, t.Precision, t.Threads));
        var optimizer = Assert.IsType<AdamWOptions>(t.Optimizer);
        Assert.Equal((2e-3, (0.8, 0.95), 1e-6, 0.2), (optimizer.LearningRate, optimizer.Betas, optimizer.Epsilon, optimizer.WeightDecay));
        var schedule = Assert.IsType<LinearOptions>(t.Schedule);
        Assert.Equal((11, 1.5e-4), (schedule.WarmupSteps, schedule.MinLearningRate));
        Assert.Equal(("Once\nupon", 0, 0.0, 9), (r.Sample.Prompt, r.Sample.MaxNewTokens, r.Sample.Temperature, r.Sample.TopK));
        Assert.Equal(("fp32", "avx2", 2), (r.Resolved!.Precision, r.Resolved.InstructionSet, r.Resolved.Threads));
    }

    [Theory]
    [InlineData("constant", typeof(ConstantOptions))]
    [InlineData("{ name: constant }", typeof(ConstantOptions))]
    [InlineData("{ name: linear, warmup_steps: 3 }", typeof(LinearOptions))]
    [InlineData("{ warmup_steps: 3 }", typeof(CosineOptions))]
    public void A_strategy_is_a_name_or_a_mapping(string schedule, Type type)
    {
        var options = Train($"  schedule: {schedule}").Training.Schedule;
        Assert.IsType(type, options);
        Assert.Equal(schedule.Contains('3', StringComparison.Ordinal) ? 3 : 0, options.WarmupSteps);
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("{ name: norm, max: 0.5 }", 0.5)]
    [InlineData("{ max: 0.5 }", 0.5)]
    [InlineData("norm", 1.0)]
    [InlineData("null", null)]
    [InlineData("~", null)]
    public void Clipping_is_a_number_a_name_a_mapping_or_null(string clip, double? max) =>
        Assert.Equal(max, Max(Train($"  gradient_clip: {clip}").Training));

    [Theory]
    [InlineData("8", 8)]
    [InlineData("{ name: fixed, size: 8 }", 8)]
    [InlineData("{ size: 8 }", 8)]
    [InlineData("fixed", 12)]
    public void Batch_size_is_a_number_a_name_or_a_mapping(string size, int want) =>
        Assert.Equal(want, Size(Train($"  batch_size: {size}").Training));

    private static int Size(TrainingOptions t) => Assert.IsType<FixedBatchOptions>(t.BatchSize).Size;

    private static double? Max(TrainingOptions t) => t.GradientClip is null ? null : Assert.IsType<NormClipOptions>(t.GradientClip).Max;

    [Theory]
    [InlineData("2000", 2000)]
    [InlineData("2e3", 2000)]
    [InlineData("2E+3", 2000)]
    [InlineData("+2.5e3", 2500)]
    [InlineData("2000.0", 2000)]
    [InlineData("20000e-1", 2000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Integers_may_have_an_exponent(string text, long want) =>
        Assert.Equal(want, Train("", $"training.max_steps={text}").Training.MaxSteps);

    [Fact]
    public void Order_is_defaults_then_file_then_the_last_override()
    {
        const string file = "  keep: 7\n  optimizer: { learning_rate: 2e-3, weight_decay: 0.3 }\n";
        Assert.Equal(2, Train("").Training.Keep);
        Assert.Equal(7, Train(file).Training.Keep);
        var t = Train(file, "training.keep=8", "training.optimizer.learning_rate=5e-4", "training.keep=9").Training;
        Assert.Equal(9, t.Keep);
        Assert.Equal((5e-4, 0.3), (t.Optimizer.LearningRate, ((AdamWOptions)t.Optimizer).WeightDecay));
    }

    [Theory]
    [InlineData("  schedule: linear", "training.schedule.warmup_steps=5", typeof(LinearOptions), 5)]
    [InlineData("  schedule: { name: linear, warmup_steps: 4 }", "training.schedule=constant", typeof(ConstantOptions), 0)]
    [InlineData("  schedule: { name: linear, warmup_steps: 4 }", "training.schedule.name=cosine", typeof(CosineOptions), 4)]
    [InlineData("  schedule: { name: linear, warmup_steps: 4 }", "training.schedule={ name: constant, warmup_steps: 6 }", typeof(ConstantOptions), 6)]
    [InlineData("", "training.schedule.warmup_steps=5", typeof(CosineOptions), 5)]
    public void An_override_reaches_into_a_strategy_or_replaces_it(string file, string set, Type type, long warmup)
    {
        var schedule = Train(file, set).Training.Schedule;
        Assert.IsType(type, schedule);
        Assert.Equal(warmup, schedule.WarmupSteps);
    }

    [Fact]
    public void An_override_reaches_behind_a_number()
    {
        Assert.Equal(2.0, Max(Train("  gradient_clip: 0.5", "training.gradient_clip.max=2").Training));
        Assert.Equal(0.5, Max(Train("  gradient_clip: 0.5", "training.gradient_clip.name=norm").Training));
        Assert.Null(Train("  gradient_clip: 0.5", "training.gradient_clip=null").Training.GradientClip);
    }

    [Theory]
    [InlineData("training.max_tokens=640", null, 640L, null)]
    [InlineData("training.epochs=2", null, null, 2.0)]
    [InlineData("training.max_steps=9", 9L, null, null)]
    public void A_length_on_the_command_line_replaces_the_files(string set, long? steps, long? tokens, double? epochs)
    {
        foreach (var length in (string[])["max_steps: 5", "max_tokens: 5", "epochs: 5", "max_steps: null\n  epochs: 1"])
        {
            var t = Read($"data: {{ text: a.txt }}\ntraining:\n  {length}\n", set).Training;
            Assert.Equal((steps, tokens, epochs), (t.MaxSteps, t.MaxTokens, t.Epochs));
        }
    }

    [Fact]
    public void Two_lengths_on_the_command_line_exclude_each_other() =>
        Assert.Throws<RecipeException>(() => Read(Least, "training.max_steps=5", "training.epochs=1"));

    [Fact]
    public void Paths_start_from_the_recipes_folder_or_on_the_command_line_from_the_current_one()
    {
        string absolute = Path.GetFullPath("/elsewhere/c.txt");
        var r = Read($"data: {{ text: [a.txt, ../b/*.md, sdk-docs, '{absolute}'] }}\ntraining: {{ max_steps: 1 }}");
        Assert.Equal([Path.GetFullPath("folder/a.txt"), Path.GetFullPath("b/*.md"), "sdk-docs", absolute], r.Data.Text);
        Assert.Equal([Path.GetFullPath("a.txt")], Read(Least, "data.text=a.txt").Data.Text);
        Assert.Equal([Path.GetFullPath("a.txt"), "sdk-docs"], Read(Least, "data.text=[a.txt, sdk-docs]").Data.Text);
        Assert.Equal([Path.GetFullPath("*.txt")], Read(Least, "data.text=*.txt").Data.Text);
        Assert.Equal([Path.GetFullPath("a: b # c.txt")], Read(Least, "data.text=a: b # c.txt").Data.Text);
    }

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("'quoted: #1'", "quoted: #1")]
    [InlineData("\"line\\n\"", "line\n")]
    [InlineData("", "")]
    [InlineData("Once: upon", "Once: upon")]
    [InlineData("# not a comment", "# not a comment")]
    [InlineData("[a, b]", "[a, b]")]
    [InlineData("{unclosed", "{unclosed")]
    [InlineData("a=b", "a=b")]
    [InlineData("12", "12")]
    [InlineData("!bang", "!bang")]
    public void A_text_on_the_command_line_is_taken_as_typed_unless_quoted(string typed, string want) =>
        Assert.Equal(want, Read(Least, $"sample.prompt={typed}").Sample.Prompt);

    [Fact]
    public void Aliases_share_what_an_anchor_names_and_an_override_changes_one_use_only()
    {
        var r = Read("data:\n  text: a.txt\n  tokenizer: &t { kind: bpe, vocab_size: 300 }\ntraining:\n  max_steps: &n 40\n  eval_every: *n\n  save_every: *n\n",
            "training.eval_every=7");
        Assert.Equal((40L, 7L, 40L), (r.Training.MaxSteps, r.Training.EvalEvery, r.Training.SaveEvery));
        Assert.Equal(300, r.Data.Tokenizer.VocabSize);
    }

    [Fact]
    public void An_error_behind_an_alias_stands_where_the_alias_is_used() =>
        Assert.Equal("folder/small.yaml:5:9: training.keep: must be at least 1, not 0",
        Assert.Throws<RecipeException>(() => Read("data: { text: a.txt }\ntraining:\n  threads: &n 0\n  epochs: 1\n  keep: *n\n")).Message);

    [Fact]
    public void An_empty_section_is_all_defaults() => Assert.Equal(4, Read(Least + "model:\nsample:\n").Model.NumLayers);

    [Theory]
    [InlineData("x/my recipe.v2.yaml", "my recipe.v2")]
    [InlineData("x/.yaml", "run")]
    [InlineData("x/a?b.yml", "a-b")]
    public void A_run_is_named_after_its_recipe(string file, string name) => Assert.Equal(name, RecipeReader.Parse(Least, file).Name);

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing() =>
        Assert.Equal(100, Read("\uFEFF" + Least.ReplaceLineEndings("\r\n")).Training.MaxSteps);

    [Theory]
    [InlineData("sdk-docs.yaml")]
    [InlineData("sdk-docs-llama.yaml")]
    [InlineData("sdk-docs-questions.yaml")]
    [InlineData("shakespeare-char.yaml")]
    public void The_recipes_that_ship_are_right_and_say_how_to_run_them(string name)
    {
        string path = Repository.Recipe(name);
        var recipe = RecipeReader.Read(path);
        Assert.Equal(Path.GetFileNameWithoutExtension(name), recipe.Name);
        string text = File.ReadAllText(path);
        Assert.StartsWith("# yaml-language-server: $schema=recipe.schema.json\n", text, StringComparison.Ordinal);
        Assert.Contains($"#     sinter train recipes/{name}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_character_recipe_is_nanoGPTs()
    {
        var r = RecipeReader.Read(Repository.Recipe("shakespeare-char.yaml"));
        Assert.Equal([Repository.Recipe("tinyshakespeare.txt")], r.Data.Text);
        Assert.Equal(("characters", 0.1), (r.Data.Tokenizer.Kind, r.Data.ValidationFraction));
        var m = r.Model;
        Assert.Equal(("gpt2", 4, 4, 128, 64, 0.0, false), (m.Architecture, m.NumLayers, m.NumHeads, m.HiddenSize, m.ContextLength, m.Dropout,
            m.Bias));
        var t = r.Training;
        Assert.Equal((2000L, 12, 1, 1.0, 250L, null), (t.MaxSteps, Size(t), t.GradientAccumulation, Max(t), t.EvalEvery, t.EvalTokens));
        var o = Assert.IsType<AdamWOptions>(t.Optimizer);
        Assert.Equal((1e-3, (0.9, 0.99), 1e-8, 0.1), (o.LearningRate, o.Betas, o.Epsilon, o.WeightDecay));
        var s = Assert.IsType<CosineOptions>(t.Schedule);
        Assert.Equal((100L, 1e-4), (s.WarmupSteps, s.MinLearningRate));
    }
}
