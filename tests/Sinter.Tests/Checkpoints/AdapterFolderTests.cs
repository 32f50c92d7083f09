using System.Text.Json.Nodes;
using Sinter.Checkpoints.Adapters;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Safetensors;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Layers;

namespace Sinter.Tests.Checkpoints;

/// <summary>Adapters in PEFT's files.</summary>
public sealed class AdapterFolderTests
{
    [Theory, MemberData(nameof(AdapterTests.Cases), MemberType = typeof(AdapterTests))]
    public void What_is_read_is_written_again(string name)
    {
        using var device = new CpuDevice(1);
        using TempFolder folder = new("adapter");
        var model = AdapterTests.Load(name, device);
        AdapterFolder.Write(folder.Path, model.Parameters, "the/base");
        using (AdapterFolder want = AdapterFolder.Open(AdapterTests.Folder(name)), got = AdapterFolder.Open(folder.Path))
        {
            Assert.Equal(want.Weights.Select(w => (w.Name, Quoted.Shape(w.Shape))).Order(), got.Weights.Select(w => (w.Name, Quoted.Shape(w.Shape))).Order());
            Assert.Equal("the/base", got.Config.BasePath);
            Assert.Equal(want.Config.Spec, got.Config.Spec);
        }
        var (before, after) = (Config(AdapterTests.Folder(name)), Config(folder.Path));
        foreach (string key in (string[])["peft_type", "task_type", "r", "fan_in_fan_out", "use_rslora", "use_dora", "modules_to_save", "bias", "init_lora_weights", "inference_mode"])
            Assert.True(JsonNode.DeepEquals(before[key], after[key]), key);
        using var reader = SafetensorsReader.Open(Path.Combine(folder.Path, AdapterFolder.FileName));
        Assert.All(reader.Entries, e => Assert.StartsWith("base_model.model.", e.Name));
    }

    /// <summary>A name is cut to its last part only where that chooses no other layer.</summary>
    [Theory]
    [InlineData("attn.c_attn", "c_attn"), InlineData("mlp.c_proj", "transformer.h.0.mlp.c_proj,transformer.h.1.mlp.c_proj"),
        InlineData("c_proj", "c_proj"), InlineData("transformer.h.1.*", "transformer.h.1.attn.c_attn,transformer.h.1.attn.c_proj,transformer.h.1.mlp.c_fc,transformer.h.1.mlp.c_proj")]
    public void Targets_choose_the_same_layers_in_PEFT(string target, string names)
    {
        using var device = new CpuDevice(1);
        using TempFolder folder = new("adapter");
        var model = Build(device, new LoraOptions { Targets = [target], Rank = 2 });
        AdapterFolder.Write(folder.Path, model.Parameters, "base");
        Assert.Equal(names.Split(','), Config(folder.Path)["target_modules"]!.AsArray().Select(n => (string)n!));
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "LORA is"), InlineData("use_qalora", "true", "use_qalora"), InlineData("init_lora_weights", "\"pissa\"", "changed base"),
        InlineData("layer_replication", "[[0, 1]]", "layer_replication"), InlineData("trainable_token_indices", "[3]", "trainable_token_indices"),
        InlineData("r", "0", "whole number"), InlineData("lora_alpha", "\"x\"", "a number"), InlineData("alpha_pattern", "{\"(\": 2}", "not a pattern")]
    public void What_would_compute_something_else_is_refused(string key, string value, string message)
    {
        using var device = new CpuDevice(1);
        using TempFolder folder = new("adapter");
        Change(folder, key, JsonNode.Parse(value));
        var error = Assert.Throws<CheckpointException>(() =>
        {
            using var adapter = AdapterFolder.Open(folder.Path);
            Build(device, adapter.Plan);
        });
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Patterns_of_alpha_decide_by_module()
    {
        using var device = new CpuDevice(1);
        using TempFolder folder = new("adapter");
        Change(folder, "alpha_pattern", JsonNode.Parse("""{ "h.0.attn.c_attn": 40, "h.\\d+.mlp.c_.*": 12 }"""));
        using var adapter = AdapterFolder.Open(folder.Path);
        var model = Build(device, adapter.Plan);
        Assert.Equal([10, 3, 2, 3], LinearAdapter.Of(model.Parameters).OfType<LowRankAdapter>().Select(a => a.Spec.Scale));
    }

    [Fact]
    public void Weights_for_another_model_are_listed()
    {
        using var device = new CpuDevice(1);
        using var adapter = AdapterFolder.Open(AdapterTests.Folder("llama-dora"));
        var error = Assert.Throws<CheckpointException>(() => adapter.Load(Build(device, adapter.Plan).Parameters));
        Assert.Contains("model.layers.0.self_attn.q_proj.lora_A.weight", error.Message);
    }

    [Fact]
    public void A_misspelt_target_is_named_with_the_nearest()
    {
        using var device = new CpuDevice(1);
        var error = Assert.Throws<RecipeException>(() => Build(device, new LoraOptions { Targets = ["c_atn"], Train = ["ln_g"] }));
        Assert.Equal(2, error.Errors.Count);
        Assert.Contains("attn.c_attn", error.Errors[0]);
        Assert.Contains("transformer.h.0.ln_1", error.Errors[1]);
    }

    private static CausalLanguageModel Build(CpuDevice device, LoraOptions options) => Build(device, options.Plan());

    private static CausalLanguageModel Build(CpuDevice device, IAdapterPlan plan) =>
        Architectures.Build(HuggingFaceConfig.Read(Path.Combine(Models.Reference.Folder("gpt2-tiny"), HuggingFaceConfig.FileName)), device, adapters: plan);

    private static JsonObject Config(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, AdapterConfig.FileName)))!.AsObject();

    private static void Change(TempFolder folder, string key, JsonNode? value)
    {
        string from = AdapterTests.Folder("gpt2-lora");
        File.Copy(Path.Combine(from, AdapterFolder.FileName), folder[AdapterFolder.FileName]);
        var config = Config(from);
        config[key] = value;
        File.WriteAllText(folder[AdapterConfig.FileName], config.ToJsonString());
    }
}
