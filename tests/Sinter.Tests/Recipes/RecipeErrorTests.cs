using Sinter.Recipes;

namespace Sinter.Tests.Recipes;

/// <summary>Every kind of error, with its place and its words.</summary>
public sealed class RecipeErrorTests
{
    /// <summary>A recipe with nothing wrong; tests append to its sections, so the line of what they add is known.</summary>
    private const string Good = """
        data:
          text: sdk-docs
        training:
          max_steps: 100

        """;

    private static string[] Errors(string yaml, params string[] sets) =>
        [.. Assert.Throws<RecipeException>(() => RecipeReader.Parse(yaml, "r.yaml", sets)).Errors];

    private static string Error(string yaml, params string[] sets) => Assert.Single(Errors(yaml, sets));

    [Theory]
    // Unknown keys.
    [InlineData("  max_stepz: 5", "r.yaml:5:3: training.max_stepz: unknown key; did you mean max_steps?")]
    [InlineData("  batchSize: 5", "r.yaml:5:3: training.batchSize: unknown key; did you mean batch_size?")]
    [InlineData("  keep-: 5", "r.yaml:5:3: training.keep-: unknown key; did you mean keep?")]
    [InlineData("  learning_rate: 1e-3", "r.yaml:5:3: training.learning_rate: unknown key; did you mean training.optimizer.learning_rate?")]
    [InlineData("  num_layers: 2", "r.yaml:5:3: training.num_layers: unknown key; did you mean model.num_layers?")]
    [InlineData("  schedule: { name: constant, min_learning_rate: 0 }",
        "r.yaml:5:31: training.schedule.min_learning_rate: unknown key of constant; expected name, warmup_steps, warmup or factor")]
    [InlineData("modell: {}", "r.yaml:5:1: modell: unknown key; did you mean model?")]
    [InlineData("zzz: {}", "r.yaml:5:1: zzz: unknown key; expected schema_version, name, task, data, model, adapter, training, sample or resolved")]
    // Duplicate keys.
    [InlineData("  max_steps: 5", "r.yaml:5:3: training.max_steps: duplicate key; the first is at line 4")]
    [InlineData("data: {}", "r.yaml:5:1: data: duplicate key; the first is at line 1")]
    // Wrong types.
    [InlineData("  keep: abc", "r.yaml:5:9: training.keep: expected an integer, not 'abc'")]
    [InlineData("  keep: 2.5", "r.yaml:5:9: training.keep: expected an integer, not '2.5'")]
    [InlineData("  keep: '2'", "r.yaml:5:9: training.keep: expected an integer, not '2'")]
    [InlineData("  save_every: 2_000", "r.yaml:5:15: training.save_every: expected an integer, not '2_000'; write 2000")]
    [InlineData("  keep: [1]", "r.yaml:5:9: training.keep: expected an integer, not a list")]
    [InlineData("  keep: {a: 1}", "r.yaml:5:9: training.keep: expected an integer, not a mapping")]
    [InlineData("  keep: null", "r.yaml:5:9: training.keep: expected an integer, not null")]
    [InlineData("  keep:", "r.yaml:5:8: training.keep: has no value; expected an integer")]
    [InlineData("  eval_tokens: x", "r.yaml:5:16: training.eval_tokens: expected an integer or null, not 'x'")]
    [InlineData("model: { dropout: lots }", "r.yaml:5:19: model.dropout: expected a number or null, not 'lots'")]
    [InlineData("model: { bias: yes }", "r.yaml:5:16: model.bias: expected true or false or null, not 'yes'")]
    [InlineData("model: 3", "r.yaml:5:8: model: expected a mapping with the keys pretrained, weights, architecture, num_layers, num_heads, num_kv_heads, head_size, hidden_size, " +
        "intermediate_size, context_length, sliding_window, rope_theta, dropout, embedding_dropout, attention_dropout, residual_dropout, stochastic_depth, bias, tie_embeddings, " +
        "initializer or initializers, not '3'")]
    [InlineData("sample: { prompt: null }", "r.yaml:5:19: sample.prompt: expected text, not null; '' is the empty text")]
    [InlineData("sample: { prompt: [a] }", "r.yaml:5:19: sample.prompt: expected text, not a list; put text with special characters in quotes")]
    [InlineData("  optimizer: { betas: 0.9 }", "r.yaml:5:23: training.optimizer.betas: expected a list of two numbers, not '0.9'")]
    [InlineData("  optimizer: { betas: [0.9] }", "r.yaml:5:23: training.optimizer.betas: expected a list of two numbers, not of 1")]
    [InlineData("  optimizer: { betas: [0.9, x] }", "r.yaml:5:23: training.optimizer.betas: expected a number, not 'x'")]
    // Conditions.
    [InlineData("  stop: { name: goal, condition: validation_los > 5 }",
        "r.yaml:5:34: training.stop.0.condition: 'validation_los' is no metric; did you mean validation_loss?")]
    [InlineData("  stop: [{ name: goal, condition: loss < 1 }, { name: patience, metric: acuracy }]",
        "r.yaml:5:73: training.stop.1.metric: 'acuracy' is no metric; did you mean accuracy?")]
    [InlineData("  stop: { name: guard, condition: penalty > 5 }",
        "r.yaml:5:3: training.stop: looks at penalty, and there is none; set penalty, or choose another metric")]
    // Names.
    [InlineData("model: { architecture: gpt3 }",
        "r.yaml:5:24: model.architecture: expected gpt2, llama, mistral, qwen2, qwen3, gemma2, phi3, bert, roberta or distilbert, not 'gpt3'; did you mean gpt2?")]
    [InlineData("model: { architecture: llama, sliding_window: 9 }", "r.yaml:5:47: model.sliding_window: llama has no window; remove the key, or use architecture: mistral")]
    [InlineData("model: { architecture: qwen2, bias: false }", "r.yaml:5:37: model.bias: qwen2 always has biases of queries, keys and values; remove the key, or use architecture: llama")]
    [InlineData("model: { architecture: phi3, head_size: 9 }", "r.yaml:5:41: model.head_size: heads of size 9 can't be rotated; rotary positions need an even size")]
    [InlineData("  precision: fp16", "r.yaml:5:14: training.precision: expected auto, fp32 or bf16, not 'fp16'")]
    [InlineData("  schedule: cosin",
        "r.yaml:5:13: training.schedule: expected a schedule (constant, linear, polynomial, step, multi_step, exponential, cosine, cosine_restarts, "
        + "inverse_sqrt, wsd, increasing, cyclic, one_cycle, plateau or sequence) or a mapping with its name and keys, " +
        "not 'cosin'; did you mean cosine?")]
    [InlineData("  schedule: { name: cosin }",
        "r.yaml:5:21: training.schedule: name: expected constant, linear, polynomial, step, multi_step, exponential, cosine, cosine_restarts, "
        + "inverse_sqrt, wsd, increasing, cyclic, one_cycle, plateau or sequence, not 'cosin'; did you mean cosine?")]
    [InlineData("  optimizer: 5", "r.yaml:5:14: training.optimizer: expected an optimizer (adamw, adam, sgd, adagrad, adadelta, rmsprop, nadam, radam, adamax, lion, "
        + "adafactor or muon) or a mapping with its name and keys, not '5'")]
    [InlineData("  optimizer: null", "r.yaml:5:14: training.optimizer: expected an optimizer (adamw, adam, sgd, adagrad, adadelta, rmsprop, nadam, radam, adamax, lion, "
        + "adafactor or muon) or a mapping with its name and keys, not null")]
    [InlineData("  gradient_clip: hard",
        "r.yaml:5:18: training.gradient_clip: expected a number, a clipping (norm, parameter_norm, value, adaptive or statistical) or a mapping with its name and keys, or null, not 'hard'")]
    [InlineData("  gradient_clip: { max: 1, name: valeu }",
        "r.yaml:5:34: training.gradient_clip: name: expected norm, parameter_norm, value, adaptive or statistical, not 'valeu'; did you mean value?")]
    // Out of range.
    [InlineData("  keep: 0", "r.yaml:5:9: training.keep: must be at least 1, not 0")]
    [InlineData("  keep: 3000000000", "r.yaml:5:9: training.keep: must be from 1 to 2147483647, not 3000000000")]
    [InlineData("  keep: 1e40", "r.yaml:5:9: training.keep: must be from 1 to 2147483647, not 1e40")]
    [InlineData("  seed: -1", "r.yaml:5:9: training.seed: must be at least 0, not -1")]
    [InlineData("  seed: 18446744073709551616", "r.yaml:5:9: training.seed: must be from 0 to 18446744073709551615, not 18446744073709551616")]
    [InlineData("  threads: -1", "r.yaml:5:12: training.threads: must be from 0 to 4096, not -1")]
    [InlineData("  batch_size: 0", "r.yaml:5:15: training.batch_size: must be from 1 to 1048576, not 0")]
    [InlineData("  batch_size: { size: 0 }", "r.yaml:5:23: training.batch_size.size: must be from 1 to 1048576, not 0")]
    [InlineData("  batch_size: 1.5", "r.yaml:5:15: training.batch_size: expected an integer, not '1.5'")]
    [InlineData("  gradient_clip: 0", "r.yaml:5:18: training.gradient_clip: must be greater than 0, not 0.0")]
    [InlineData("  gradient_accumulation: 0", "r.yaml:5:26: training.gradient_accumulation: must be from 1 to 1048576, not 0")]
    [InlineData("  optimizer: { betas: [0.9, 1] }", "r.yaml:5:23: training.optimizer.betas: must be in [0, 1), not 1.0")]
    [InlineData("  optimizer: { learning_rate: 0 }", "r.yaml:5:31: training.optimizer.learning_rate: must be greater than 0, not 0.0")]
    [InlineData("  optimizer: { learning_rate: 1e999 }", "r.yaml:5:31: training.optimizer.learning_rate: must be greater than 0, not infinity")]
    [InlineData("  optimizer: { weight_decay: .nan }", "r.yaml:5:30: training.optimizer.weight_decay: expected a number, not '.nan'")]
    [InlineData("model: { dropout: 1 }", "r.yaml:5:19: model.dropout: must be in [0, 1), not 1.0")]
    [InlineData("sample: { temperature: -0.5 }", "r.yaml:5:24: sample.temperature: must be at least 0, not -0.5")]
    [InlineData("name: a/b", "r.yaml:5:7: name: is part of a folder's name and can't hold '/'")]
    [InlineData("name: ..", "r.yaml:5:7: name: is part of a folder's name and must not be empty, or begin or end with a space or a dot")]
    [InlineData("schema_version: 2", "r.yaml:5:17: schema_version: must be 1, not 2")]
    // Impossible combinations.
    [InlineData("model: { num_heads: 3, hidden_size: 128 }",
        "r.yaml:5:21: model.num_heads: 3 heads do not divide hidden_size (128); the nearest hidden_size is 126 or 129")]
    [InlineData("model: { hidden_size: 130 }",
        "r.yaml:5:23: model.num_heads: 4 heads do not divide hidden_size (130); the nearest hidden_size is 128 or 132")]
    [InlineData("model: { architecture: llama, num_heads: 4, num_kv_heads: 3 }", "r.yaml:5:59: model.num_kv_heads: 3 does not divide num_heads (4)")]
    [InlineData("model: { num_kv_heads: 2 }",
        "r.yaml:5:24: model.num_kv_heads: gpt2 has no grouped heads; remove the key, or use architecture: llama")]
    [InlineData("model: { architecture: llama, num_heads: 4, hidden_size: 12 }",
        "r.yaml:5:42: model.num_heads: heads of size 3 (hidden_size 12 / 4) can't be rotated; rotary positions need an even size")]
    [InlineData("  max_tokens: 5",
        "r.yaml:4:14: training.max_steps: set one of max_steps, max_tokens and epochs, not max_steps and max_tokens together")]
    [InlineData("  epochs: 1.5", "r.yaml:4:14: training.max_steps: set one of max_steps, max_tokens and epochs, not max_steps and epochs together")]
    [InlineData("  schedule: { warmup_steps: 101 }",
        "r.yaml:5:29: training.schedule.warmup_steps: a warm-up of 101 steps is longer than the run of 100; shorten it, or train longer")]
    [InlineData("  schedule: { name: cosine, min_learning_rate: 0.01 }",
        "r.yaml:5:48: training.schedule.min_learning_rate: 0.01 is more than the optimizer's learning_rate (0.001)")]
    [InlineData("  schedule: { name: linear, min_learning_rate: 0.01 }",
        "r.yaml:5:48: training.schedule.min_learning_rate: 0.01 is more than the optimizer's learning_rate (0.001)")]
    [InlineData("  batch_size: 1048576\n  gradient_accumulation: 64",
        "r.yaml:5:15: training.batch_size: 4294967296 tokens a step (batch_size x gradient_accumulation x context_length) are more than 2147483647")]
    // Not for recipes.
    [InlineData("  keep: !!int 3", "r.yaml:5:9: tags such as 'tag:yaml.org,2002:int' are not supported; remove it")]
    [InlineData("  keep: *n", "r.yaml:5:9: unknown alias '*n'; a text that begins with * needs quotes")]
    [InlineData("  <<: {}", "r.yaml:5:3: merge keys (<<) are not supported; write the keys out")]
    [InlineData("  ? [a]\n  : 1", "r.yaml:5:5: a key must be a plain name")]
    [InlineData("---\ndata: 1", "r.yaml:5:1: a second document; a recipe is one")]
    public void One_wrong_line_is_named(string added, string error) => Assert.Equal(error, Error(Good + added));

    [Theory]
    [InlineData("", "r.yaml:1:1: the recipe is empty; it needs at least data.text and one of training.max_steps, max_tokens and epochs")]
    [InlineData("# nothing\n", "r.yaml:1:1: the recipe is empty; it needs at least data.text and one of training.max_steps, max_tokens and epochs")]
    [InlineData("---\n", "r.yaml:1:1: the recipe is empty; it needs at least data.text and one of training.max_steps, max_tokens and epochs")]
    [InlineData("- a\n", "r.yaml:1:1: expected a mapping with the keys schema_version, name, task, data, model, adapter, training, sample or resolved, not a list")]
    [InlineData("just text",
        "r.yaml:1:1: expected a mapping with the keys schema_version, name, task, data, model, adapter, training, sample or resolved, not 'just text'")]
    [InlineData("data:\n  text: a\nmodel:\n  bias: ]\n  dropout: 0",
        "r.yaml:4:9: not YAML: while parsing a node, did not find expected node content")]
    [InlineData("data:\n  text: a\n model: {}\n", "r.yaml:3:2: not YAML: while parsing a block mapping, did not find expected key")]
    [InlineData("data:\n  text: [a\n",
        "r.yaml:3:1: not YAML: while parsing a flow sequence, did not find expected ',' or ']'; a quote, bracket or brace may be missing")]
    [InlineData("data:\n  text: a: b\n  column: c\n",
        "r.yaml:2:10: not YAML: while scanning a plain scalar value, found invalid mapping; text with special characters needs quotes")]
    [InlineData("data:\n  text: a\n\tcolumn: b\n",
        "r.yaml:2:9: not YAML: while scanning a plain scalar, found a tab character that violate indentation; " +
        "line 3 is indented with a tab: use spaces")]
    [InlineData("data:\n  te\0xt: a\n", "r.yaml:2:5: the control character U+0000 can't stand in YAML")]
    [InlineData("data:\n  tokenizer: {}\ntraining: { epochs: 1 }",
        "r.yaml:1:1: data.text: missing; it takes files, folders, globs, or a built-in source: sdk-docs, sdk-docs-questions, sdk-docs-namespaces")]
    [InlineData("model: {}\ntraining: { epochs: 1 }",
        "r.yaml:1:1: data.text: missing; it takes files, folders, globs, or a built-in source: sdk-docs, sdk-docs-questions, sdk-docs-namespaces")]
    [InlineData("data: { text: a }\nmodel: {}",
        "r.yaml:1:1: training.max_steps: set one of max_steps, max_tokens and epochs, so that the training ends")]
    [InlineData("data: { text: a }\ntraining: {}",
        "r.yaml:2:1: training.max_steps: set one of max_steps, max_tokens and epochs, so that the training ends")]
    [InlineData("data: { text: [] }\ntraining: { epochs: 1 }", "r.yaml:1:15: data.text: must name at least one")]
    [InlineData("data: { text: [a, ''] }\ntraining: { epochs: 1 }", "r.yaml:1:15: data.text: holds an empty text")]
    [InlineData("data: { text: [a, [b]] }\ntraining: { epochs: 1 }",
        "r.yaml:1:15: data.text: expected text or a list of texts, not a list; put text with special characters in quotes")]
    [InlineData("data: { text: a, validation_fraction: 1 }\ntraining: { epochs: 1 }",
        "r.yaml:1:39: data.validation_fraction: must be in (0, 1), not 1.0")]
    [InlineData("data: { text: a, validation_fraction: 0 }\ntraining: { epochs: 1 }",
        "r.yaml:1:39: data.validation_fraction: must be in (0, 1), not 0.0")]
    [InlineData("data: { text: a, column: '' }\ntraining: { epochs: 1 }", "r.yaml:1:26: data.column: must not be empty")]
    [InlineData("data: { text: a, tokenizer: { vocab_size: 256 } }\ntraining: { epochs: 1 }",
        "r.yaml:1:43: data.tokenizer.vocab_size: must be at least 257 for bpe (256 bytes and the end-of-text token), not 256")]
    [InlineData("data: { text: a, tokenizer: { kind: wordpieces } }\ntraining: { epochs: 1 }",
        "r.yaml:1:37: data.tokenizer.kind: expected characters, bytes, bpe, wordpiece or unigram, not 'wordpieces'; did you mean wordpiece?")]
    [InlineData("data: { text: a }\ntraining: { epochs: 0 }", "r.yaml:2:21: training.epochs: must be greater than 0, not 0.0")]
    [InlineData("data: { text: a }\ntraining:\n  max_tokens: 1000\n  schedule: { warmup_steps: 3 }\n  batch_size: 8\nmodel: { context_length: 64 }",
        "r.yaml:4:29: training.schedule.warmup_steps: a warm-up of 3 steps is longer than the run of 2; shorten it, or train longer")]
    [InlineData("data: { text: a }\ntraining: { max_steps: 5, gradient_clip: {} }\nx: 1", "r.yaml:3:1: x: unknown key; ")]
    public void A_whole_recipe_that_is_wrong_is_named(string yaml, string error) => Assert.StartsWith(error, Error(yaml), StringComparison.Ordinal);

    [Fact]
    public void All_errors_come_at_once_in_the_order_of_the_file_then_the_command_line()
    {
        var errors = Errors("""
            model:
              num_headz: 3
              hidden_size: wide
              num_layers: 0
            training:
              max_steps: 10
              max_tokens: 10
              schedule: { name: cosine, warmup_steps: -1, min_learning_rate: 1 }
            """, "training.keep=0", "nonsense", "training.thread=2", "=3", "a..b=1");
        Assert.Equal(
        [
            "r.yaml:1:1: data.text: missing; it takes files, folders, globs, or a built-in source: sdk-docs, sdk-docs-questions, sdk-docs-namespaces",
            "r.yaml:2:3: model.num_headz: unknown key; did you mean num_heads?",
            "r.yaml:3:16: model.hidden_size: expected an integer, not 'wide'",
            "r.yaml:4:15: model.num_layers: must be from 1 to 4096, not 0",
            "r.yaml:6:14: training.max_steps: set one of max_steps, max_tokens and epochs, not max_steps and max_tokens together",
            "r.yaml:8:43: training.schedule.warmup_steps: must be at least 0, not -1",
            "r.yaml:8:66: training.schedule.min_learning_rate: 1 is more than the optimizer's learning_rate (0.001)",
            "--set training.keep=0: training.keep: must be at least 1, not 0",
            "--set training.thread=2: training.thread: unknown key; did you mean threads?",
            "--set 'nonsense': expected KEY=VALUE, such as training.max_steps=1000",
            "--set '=3': expected KEY=VALUE, such as training.max_steps=1000",
            "--set 'a..b=1': expected KEY=VALUE, such as training.max_steps=1000",
        ], errors);
    }

    [Theory]
    [InlineData("max_steps=10", "--set max_steps=10: max_steps: unknown key; did you mean training.max_steps?")]
    [InlineData("training.max_stepz=10", "--set training.max_stepz=10: training.max_stepz: unknown key; did you mean max_steps?")]
    [InlineData("training.keep=", "--set training.keep=: training.keep: expected an integer, not ''")]
    [InlineData("training.keep={", "--set training.keep={: training.keep: expected an integer, not '{'")]
    [InlineData("training.keep.x=1", "--set training.keep.x=1: training.keep: expected an integer, not a mapping")]
    [InlineData("training.schedule.warmup_steps=101",
        "--set training.schedule.warmup_steps=101: training.schedule.warmup_steps: a warm-up of 101 steps is longer than the run of 100; shorten it, or train longer")]
    [InlineData("training.schedule={ name: cosine, rise: 5 }",
        "--set training.schedule={ name: cosine, rise: 5 }: training.schedule.rise: unknown key of cosine; expected name, warmup_steps, warmup or min_learning_rate")]
    public void A_wrong_override_is_named(string set, string error) => Assert.Equal(error, Error(Good, set));

    [Fact]
    public void A_rule_broken_by_an_override_stands_at_the_override() =>
        Assert.Equal("--set training.max_steps=5: training.schedule.warmup_steps: a warm-up of 50 steps is longer than the run of 5; shorten it, or train longer",
            Error(Good + "  schedule: { warmup_steps: 50 }", "training.max_steps=5"));

    [Fact]
    public void A_terminal_is_safe_from_what_a_recipe_says()
    {
        string error = Error(Good + $"  precision: \"\\e[31m{new string('x', 500)}\"");
        Assert.DoesNotContain(error, char.IsControl);
        Assert.InRange(error.Length, 60, 200);
    }

    [Fact]
    public void A_file_that_cant_be_read_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("sinter-recipes-");
        string path = Path.Combine(folder.FullName, "recipe.yaml");
        string At(string p) => Assert.Single(Assert.Throws<RecipeException>(() => RecipeReader.Read(p)).Errors);
        Assert.Equal($"{path}: there is no such file", At(path));
        Assert.Equal($"{folder.FullName}: is a folder; name a recipe in it", At(folder.FullName));
        File.WriteAllBytes(path, [.. "data: "u8, 0xFF, 0xFE]);
        Assert.Equal($"{path}: not UTF-8 at byte 6", At(path));
        Assert.Equal($"{path}s: there is no such file; did you mean recipe.yaml?", At(path + "s"));
        File.WriteAllText(path, new string('#', 2_000_000));
        Assert.Equal($"{path}: 2000000 bytes are too many for a recipe", At(path));
        folder.Delete(recursive: true);
    }
}
