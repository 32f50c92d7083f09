using Sinter.Checkpoints;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Generation;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;
using Sinter.Tests.Training;

namespace Sinter.Tests.Models;

/// <summary>Llama's relatives: their files, and what does not come from a reference.</summary>
public sealed class DecoderTests
{
    public static TheoryData<string> Families => ["mistral", "qwen2", "qwen3", "gemma2", "phi3"];

    public static TheoryData<string> All => ["gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma2", "phi3"];

    [Theory, MemberData(nameof(Families))]
    public void The_config_of_version_4_is_the_same_model(string family)
    {
        string folder = Reference.Folder(family + "-tiny");
        Assert.Equal(HuggingFaceConfig.Read(Path.Combine(folder, "config.json")), HuggingFaceConfig.Read(Path.Combine(folder, "config.v4.json")));
    }

    [Theory, MemberData(nameof(Families))]
    public void The_config_is_written_as_it_was_read(string family)
    {
        using var folder = new TempFolder();
        var config = HuggingFaceConfig.Read(Path.Combine(Reference.Folder(family + "-tiny"), "config.json"));
        HuggingFaceConfig.Write(folder["config.json"], config);
        Assert.Equal(config, HuggingFaceConfig.Read(folder["config.json"]));
    }

    [Fact]
    public void Windows_are_read_by_each_family_s_rule()
    {
        Assert.Equal([7, 7], Windows("mistral"));
        Assert.Equal([0, 9, 9], Windows("qwen2"));
        Assert.Equal([0, 0], Windows("qwen3"));
        Assert.Equal([7, 0, 7, 0], Windows("gemma2"));
        Assert.Equal([15, 15], Windows("phi3"));

        static int[] Windows(string family)
        {
            var config = HuggingFaceConfig.Read(Path.Combine(Reference.Folder(family + "-tiny"), "config.json"));
            return [.. Enumerable.Range(0, config.NumLayers).Select(config.WindowOf)];
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_new_model_is_written_and_computes_the_same_bits(string architecture)
    {
        using var device = new CpuDevice(2);
        using var folder = new TempFolder();
        var config = Architectures.Configure(SmallModels.Of(architecture), 31, 30);
        var model = Architectures.Build(config, device, 1);
        ModelFolder.Save(folder.Path, model, null);
        Assert.Equal(config, HuggingFaceConfig.Read(folder["config.json"]));
        var loaded = ModelFolder.Load(folder.Path, device).LanguageModel;
        using var scope = device.Scope("test");
        var tokens = device.From([1, 30, 7, 0], 2, 2);
        Assert.Equal(model.Logits(tokens, default).ToArray(), loaded.Logits(tokens, default).ToArray());
    }

    // bfloat16 has 8 bits: sums of some dozens of products, each rounded by 2^-9, in a few layers.
    [Theory, MemberData(nameof(Families))]
    public void In_bfloat16_logits_and_gradients_are_near(string family)
    {
        var (want, wantGradient) = Compute(Precision.Float32);
        var (got, gotGradient) = Compute(Precision.BFloat16);
        Closeness.Close(want, got, 0.04, "logits");
        Closeness.Close(wantGradient, gotGradient, 0.06, "gradients");

        (float[], float[]) Compute(Precision precision)
        {
            using var device = new CpuDevice(2, precision);
            using var reference = Reference.Open(family + "-tiny");
            var model = ModelFolder.Load(Reference.Folder(family + "-tiny"), device).LanguageModel;
            using var scope = device.Scope("step");
            float[] logits = model.Logits(reference.Int32(device, "input_ids"), default).ToArray();
            device.Tape.Clear();
            model.Loss(reference.Int32(device, "input_ids"), reference.Int32(device, "targets"), 0, default).Loss.Backward();
            return (logits, [.. model.Parameters.SelectMany(p => p.Value.Grad.ToArray())]);
        }
    }

    [Fact]
    public void Every_end_of_either_file_ends_a_text()
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(1);
        string source = Reference.Folder("phi3-tiny");
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(source, file), folder[file]);
        File.WriteAllText(folder["generation_config.json"], """{"eos_token_id":[66,25,99]}""");
        var loaded = ModelFolder.Load(folder.Path, device);
        Assert.Equal([66, 25], loaded.LanguageModel.Config.EndTokens);
        using var reference = Reference.Open("phi3-tiny");
        var tokens = new TextGenerator(loaded.LanguageModel).Generate(reference.Int32("prompt"), new GenerationOptions { Temperature = 0 },
            TestContext.Current.CancellationToken);
        Assert.Equal(reference.Int32("greedy").TakeWhile(t => t != 25), tokens);
        using var copy = new TempFolder();
        ModelFolder.Save(copy.Path, loaded.Model, null);
        Assert.Equal(loaded.LanguageModel.Config, HuggingFaceConfig.Read(copy["config.json"]));
    }

    /// <summary>A text longer than the context: what is read again lies whole in the cache, windows or not.</summary>
    [Theory, MemberData(nameof(Families))]
    public void Generation_goes_on_beyond_the_context(string family)
    {
        using var device = new CpuDevice(2);
        var model = Architectures.Build(Architectures.Configure(SmallModels.Of(family), 31, null), device, 3);
        var options = new GenerationOptions { MaxNewTokens = 40, Temperature = 0, EndToken = -1 };
        var tokens = new List<int> { 1, 2, 3 };
        tokens.AddRange(new TextGenerator(model).Generate([1, 2, 3], options, TestContext.Current.CancellationToken));
        Assert.Equal(43, tokens.Count);
        // The last one was made from a text of which the beginning is known: half a context back from where the cache was full.
        using var scope = device.Scope("test");
        using var pause = device.Tape.Pause();
        int context = model.Config.ContextLength, start = 0;
        for (int length = 4; length < tokens.Count; length++)
            if (length - start > context) start = length - context / 2;
        int[] last = [.. tokens[start..^1]];
        float[] logits = model.LastLogits(device.From(last, 1, last.Length), default).ToArray();
        Assert.Equal(Array.IndexOf(logits, logits.Max()), tokens[^1]);
    }

    [Theory]
    [InlineData("mistral", """{"sliding_window":null}""", 0), InlineData("qwen2", """{"use_sliding_window":false,"layer_types":null}""", 0)]
    [InlineData("gemma2", """{"layer_types":["full_attention","full_attention","full_attention","full_attention"]}""", 0)]
    [InlineData("gemma2", """{"layer_types":["sliding_attention","sliding_attention","sliding_attention","sliding_attention"]}""", 7)]
    public void A_window_may_be_taken_off_or_be_everywhere(string family, string change, int window)
    {
        var config = Read(family, change);
        Assert.Equal((window, null), (config.SlidingWindow, config.WindowLayers));
    }

    [Theory]
    [InlineData("gemma2", """{"hidden_activation":"gelu"}""", "gelu_pytorch_tanh is")]
    [InlineData("gemma2", """{"use_bidirectional_attention":true}""", "false was expected")]
    [InlineData("gemma2", """{"layer_types":["full_attention"]}""", "1 types were found for 4 layers")]
    [InlineData("gemma2", """{"layer_types":["full_attention","x","full_attention","full_attention"]}""", "'x' is not supported")]
    [InlineData("gemma2", """{"query_pre_attn_scalar":0}""", "not above 0")]
    [InlineData("qwen2", """{"use_sliding_window":false,"layer_types":["full_attention","full_attention","sliding_attention"]}""", "contradict")]
    [InlineData("phi3", """{"partial_rotary_factor":0.3}""", "contradicts")]
    [InlineData("phi3", """{"rope_parameters":{"rope_type":"longrope","short_factor":[1],"long_factor":[1]}}""", "factors were found for 6 pairs")]
    [InlineData("phi3", """{"rope_parameters":{"rope_type":"linear","factor":2}}""", "default and longrope alone")]
    [InlineData("qwen3", """{"rope_parameters":{"rope_type":"longrope","short_factor":[1,0,1,1,1,1],"long_factor":[1,1,1,1,1,1]}}""", "above 0")]
    [InlineData("qwen3", """{"rope_parameters":{"rope_type":"llama3","factor":2,"low_freq_factor":4,"high_freq_factor":1}}""", "not below")]
    public void What_is_computed_otherwise_is_refused(string family, string change, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Read(family, change)).Message, StringComparison.Ordinal);

    /// <summary>Writes the models for References/models/decoders.py check, which says whether transformers computes the same with them.</summary>
    [Fact(Explicit = true)]
    public void Write_models_for_transformers()
    {
        string? target = Environment.GetEnvironmentVariable("SINTER_TRANSFORMERS_CHECK");
        Assert.SkipWhen(target is null, "SINTER_TRANSFORMERS_CHECK does not name a folder to write to.");
        using var device = new CpuDevice(1);
        foreach (string family in Families.Select(row => row.Data))
            Save(ModelFolder.Load(Reference.Folder(family + "-tiny"), device), family + "-tiny");
        foreach (string kind in RotaryScalingTests.Kinds.Select(row => row.Data))
        {
            using var folder = RotaryScalingTests.Folder(kind);
            Save(ModelFolder.Load(folder.Path, device), "rope-" + kind);
        }

        void Save(ModelFolder model, string name) =>
            ModelFolder.Save(Directory.CreateDirectory(Path.Combine(target!, name)).FullName, model.Model, null);
    }

    private static ModelConfig Read(string family, string change)
    {
        using var folder = new TempFolder();
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Reference.Folder(family + "-tiny"), "config.json")))!.AsObject();
        foreach (var (key, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) config[key] = value?.DeepClone();
        File.WriteAllText(folder["config.json"], config.ToJsonString());
        return HuggingFaceConfig.Read(folder["config.json"]);
    }
}
