using Sinter.Checkpoints;
using Sinter.Checkpoints.Adapters;
using Sinter.Checkpoints.Safetensors;
using Sinter.Evaluation;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Training;

/// <summary>Runs that train an adapter of a pretrained model.</summary>
public sealed class AdapterRunTests : IDisposable
{
    private readonly SmallRun _base = new("base");

    public AdapterRunTests() => _base.Train(_base.Recipe("training.max_steps=10"));

    public void Dispose() => _base.Dispose();

    private static string Text(string adapter, string pretrained) => $$"""
        name: tuned
        data: { text: text.txt, validation_fraction: 0.2 }
        model: { pretrained: '{{pretrained}}', context_length: 16 }
        adapter: {{adapter}}
        training: { max_steps: 12, batch_size: 3, gradient_accumulation: 2, optimizer: { name: adamw, learning_rate: 0.01 }, eval_every: 4, save_every: 4, keep: 2,
            eval_tokens: 200, precision: fp32, threads: 2 }
        sample: { max_new_tokens: 5 }
        """;

    [Theory]
    [InlineData("{ name: lora, rank: 3, alpha: 6, dropout: 0.1 }"), InlineData("{ name: lora, rank: 2, rs: true, dora: true, targets: [c_attn, 'transformer.h.0.mlp.*'] }"),
        InlineData("{ name: lora, rank: 2, targets: [c_attn], train: [ln_f, wte] }")]
    public void Checkpoints_and_model_hold_the_adapter_alone(string adapter)
    {
        using var run = new SmallRun("tuned");
        var result = run.Train(run.Parse(Text(adapter, _base.Folder)));
        foreach (string folder in (string[])["model", "checkpoints/step-000012"])
        {
            Assert.False(File.Exists(run[$"{folder}/model.safetensors"]));
            Assert.True(File.Exists(run[$"{folder}/tokenizer.json"]));
            Assert.Equal(Path.GetFullPath(_base["model"]), AdapterConfig.Read(run[$"{folder}/adapter_config.json"]).BasePath);
        }
        using (var state = SafetensorsReader.Open(run["checkpoints/step-000012/trainer.safetensors"]))
            Assert.All(state.Entries, e => Assert.True(e.Name.Contains("lora", StringComparison.Ordinal) || adapter.Contains("train", StringComparison.Ordinal), e.Name));

        // What is served is what was evaluated.
        using var device = new CpuDevice(2);
        var model = ModelFolder.Load(run.Folder, device).LanguageModel;
        Assert.All(LinearAdapter.Of(model.Parameters), a => Assert.True(a.IsMerged));
        Assert.Equal(result.ValidationLoss!.Value, ValidationLoss(run, model), 1e-5);
        Assert.NotEqual(run.Metrics.First(m => m.IsEvaluated).ValidationLoss!.Value, result.ValidationLoss.Value, 1e-4);
        Assert.DoesNotContain(run.Warnings, w => w.Length > 0);
    }

    [Fact]
    public void A_base_that_was_moved_with_it_is_found_and_any_can_be_named()
    {
        using var run = new SmallRun("tuned");
        string home = Path.GetDirectoryName(run.Folder)!, moved = home + "-moved", adapter = Path.Combine(moved, Path.GetFileName(run.Folder), "model");
        Directory.CreateDirectory(Path.Combine(home, "base"));
        foreach (string file in Directory.GetFiles(_base["model"])) File.Copy(file, Path.Combine(home, "base", Path.GetFileName(file)));
        run.Train(run.Parse(Text("{ name: lora, rank: 2 }", Path.Combine(home, "base"))));
        float[][] want = Weights(run["model"]);
        Directory.Move(home, moved);
        try
        {
            Assert.Equal(want, Weights(adapter));
            Assert.Equal(Path.Combine(home, "base"), AdapterConfig.Read(Path.Combine(adapter, AdapterConfig.FileName)).BasePath);   // as PEFT reads it
            Directory.Move(Path.Combine(moved, "base"), Path.Combine(moved, "elsewhere"));
            string error = Assert.Throws<CheckpointException>(() => Weights(adapter)).Message;
            Assert.Contains(Path.Combine(home, "base"), error, StringComparison.Ordinal);
            Assert.Contains("--base DIR", error, StringComparison.Ordinal);
            Assert.Equal(want, Weights(adapter, Path.Combine(moved, "elsewhere")));
            Assert.Contains("no base", Assert.Throws<CheckpointException>(() => Weights(Path.Combine(moved, "elsewhere"), adapter)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Move(moved, home);
        }
    }

    private static float[][] Weights(string folder, string? baseFolder = null)
    {
        using var device = new CpuDevice(1);
        return [.. ModelFolder.Load(folder, device, baseFolder).Model.Parameters.Where(p => !p.IsAdapter).Select(p => p.Value.ToArray())];
    }

    /// <summary>Stopped and resumed, the adapter is bit for bit that of the run that was never stopped.</summary>
    [Fact]
    public void Resumed_it_goes_on_to_the_bit()
    {
        const string adapter = "{ name: lora, rank: 3, dropout: 0.2, dora: true }";
        using SmallRun whole = new("tuned"), parts = new("tuned");
        whole.Train(whole.Parse(Text(adapter, _base.Folder)));
        parts.Train(parts.Parse(Text(adapter, _base.Folder)), stopAt: 5);
        parts.Train(null, resume: true, stopAt: 9);
        parts.Train(null, resume: true);
        Assert.Equal(File.ReadAllBytes(whole["model/adapter_model.safetensors"]), File.ReadAllBytes(parts["model/adapter_model.safetensors"]));
        Assert.Equal(whole.Metrics, parts.Metrics);
    }

    [Fact]
    public void Another_base_or_kind_of_run_is_an_error()
    {
        using var run = new SmallRun("tuned");
        run.Train(run.Parse(Text("lora", _base.Folder)), stopAt: 5);
        var error = Assert.Throws<CheckpointException>(() => run.Train(run.Parse(Text("lora", _base.Folder).Replace("adapter: lora", "", StringComparison.Ordinal)), resume: true));
        Assert.Contains("is an adapter", error.Message);
        error = Assert.Throws<CheckpointException>(() => run.Train(run.Parse(Text("{ name: lora, rank: 3 }", _base.Folder)), resume: true));
        Assert.Contains("lora_A", error.Message);
        File.Copy(_base["checkpoints/step-000008/model.safetensors"], _base["model/model.safetensors"], overwrite: true);
        error = Assert.Throws<CheckpointException>(() => run.Train(null, resume: true));
        Assert.Contains("another base", error.Message);
    }

    /// <summary>An adapter's run is a model to start from like any other: its weights are the base's with the change in them.</summary>
    [Fact]
    public void An_adapter_is_a_base_for_more()
    {
        using SmallRun first = new("tuned"), second = new("tuned"), third = new("tuned");
        first.Train(first.Parse(Text("{ name: lora, rank: 3 }", _base.Folder)));
        second.Train(second.Parse(Text("{ name: lora, rank: 2 }", first.Folder)));
        third.Train(third.Parse(Text("{ name: lora, rank: 2 }", first.Folder).Replace("adapter:", "#", StringComparison.Ordinal)));
        double end = first.Metrics.Last(m => m.IsEvaluated).ValidationLoss!.Value;
        Assert.Equal(end, second.Metrics.First(m => m.IsEvaluated).ValidationLoss!.Value, 1e-5);
        Assert.Equal(end, third.Metrics.First(m => m.IsEvaluated).ValidationLoss!.Value, 1e-5);
        Assert.True(File.Exists(third["model/model.safetensors"]));
        using var device = new CpuDevice(1);
        Assert.Equal(second.Metrics.Last(m => m.IsEvaluated).ValidationLoss!.Value, ValidationLoss(second, ModelFolder.Load(second.Folder, device).LanguageModel), 1e-5);
    }

    [Fact]
    public void An_adapter_of_a_new_model_is_an_error()
    {
        using var run = new SmallRun("tuned");
        var error = Assert.Throws<RecipeException>(() => run.Recipe("adapter=lora"));
        Assert.Contains("model.pretrained", error.Message);
    }

    /// <summary>From the last block down: what is not yet reached has no gradient and stays to the bit, and the run resumes.</summary>
    [Fact]
    public void Gradual_unfreezing_goes_down_and_resumes()
    {
        const string sets = "model: { architecture: gpt2, num_layers: 3, num_heads: 2, hidden_size: 16, context_length: 16 }";
        using SmallRun whole = new("small"), parts = new("small");
        string recipe = $$"""
            name: small
            data: { text: text.txt, tokenizer: { kind: characters }, validation_fraction: 0.2 }
            {{sets}}
            training: { max_steps: 12, batch_size: 3, unfreeze: { name: gradual, every: 3 }, optimizer: { name: adamw, learning_rate: 0.005 }, eval_every: 20, save_every: 3, keep: 9,
                eval_tokens: 200, precision: fp32, threads: 2 }
            sample: { max_new_tokens: 0 }
            """;
        whole.Train(whole.Parse(recipe));
        parts.Train(parts.Parse(recipe), stopAt: 4);
        parts.Train(null, resume: true, stopAt: 7);
        parts.Train(null, resume: true);
        Assert.Equal(whole.Weights, parts.Weights);

        float[][][] at = [.. ((int[])[3, 6, 9, 12]).Select(step => Weights(whole[$"checkpoints/step-{step:D6}/model.safetensors"]))];
        Assert.Equal(at[0][0], at[1][0]);      // block 0 is still as it began
        Assert.NotEqual(at[0][1], at[1][1]);   // block 1 has begun
        Assert.NotEqual(at[1][0], at[2][0]);
        Assert.Equal(at[1][3], at[2][3]);      // the embedding last
        Assert.NotEqual(at[2][3], at[3][3]);

        static float[][] Weights(string path)
        {
            using var file = SafetensorsReader.Open(path);
            return [.. ((string[])["transformer.h.0.mlp.c_fc.weight", "transformer.h.1.mlp.c_fc.weight", "transformer.h.2.mlp.c_fc.weight", "transformer.wte.weight"])
                .Select(name => file.ReadFloat32(file.Get(name)))];
        }
    }

    private static double ValidationLoss(SmallRun run, CausalLanguageModel model)
    {
        var recipe = Sinter.Recipes.RecipeReader.Read(run["recipe.yaml"]);
        using var data = recipe.Task.Create().Read(Sinter.Tasks.TaskInput.Of(recipe.Data, recipe.Training, recipe.OpenModel()), TestContext.Current.CancellationToken);
        return new LossEvaluator(model, data.Sequences.Validation).Evaluate(cancellation: TestContext.Current.CancellationToken).Loss;
    }
}
