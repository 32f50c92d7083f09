using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class HuggingFaceModelTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("gpt2-base")]
    [InlineData("llama")]
    [InlineData("llama-bias-tied")]
    [InlineData("llama-shards")]
    public void Weights_that_transformers_saved_are_found_under_the_names_of_the_plan(string name)
    {
        using JsonDocument hashes = JsonDocument.Parse(File.ReadAllBytes(CheckpointReferences.Path("hashes.json")));
        using HuggingFaceModel model = HuggingFaceModel.Open(CheckpointReferences.Path(name));
        Dictionary<string, string?> expected = hashes.RootElement.GetProperty(name).EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), model.Weights.Select(w => w.Name).Order(StringComparer.Ordinal));
        foreach (WeightSpec weight in model.Weights)
            Assert.Equal(expected[weight.Name], Convert.ToHexStringLower(SHA256.HashData(TestModels.Bytes(model.Read(weight.Name)))));
    }

    [Fact]
    public void A_written_model_is_read_back()
    {
        ModelConfig[] configs = [TestModels.Gpt2, TestModels.Llama, TestModels.Gpt2 with { TieEmbeddings = false, Bias = true }];
        foreach (ModelConfig config in configs)
        {
            using var folder = new TempFolder();
            IReadOnlyDictionary<string, FileHash> files = HuggingFaceFolder.Write(folder.Path, config, TestModels.Weights(config));
            Assert.Equal(["config.json", "generation_config.json", "model.safetensors"], files.Keys.Order(StringComparer.Ordinal));
            Assert.All(files, file => Assert.Equal(FileHash.Of(folder[file.Key]), file.Value));
            using HuggingFaceModel model = HuggingFaceModel.Open(folder.Path);
            Assert.Equal(config, model.Config);
            Assert.Null(model.TokenizerPath);
            Assert.Equal(ModelWeights.Plan(config).Count, model.Weights.Count);
            foreach ((int i, WeightSpec weight) in model.Weights.Index())
                Assert.Equal(TestModels.Values(weight, i), model.Read(weight.Name));
        }
    }

    [Fact]
    public void A_model_without_biases_has_zeros_where_transformers_expects_them()
    {
        using var folder = new TempFolder();
        HuggingFaceFolder.Write(folder.Path, TestModels.Gpt2, TestModels.Weights(TestModels.Gpt2));
        using (var file = SafetensorsReader.Open(folder["model.safetensors"]))
        {
            Assert.Equal(2 + (2 * 12) + 2, file.Entries.Length);
            Assert.Equal(new float[24], file.ReadFloat32(file.Get("transformer.h.1.attn.c_attn.bias")));
        }
        using HuggingFaceModel model = HuggingFaceModel.Open(folder.Path);
        Assert.False(model.Config.Bias);
        Assert.DoesNotContain(model.Weights, w => w.Name.EndsWith(".bias", StringComparison.Ordinal));
    }

    [Fact]
    public void Biases_that_were_trained_elsewhere_are_not_lost()
    {
        using var folder = new TempFolder();
        HuggingFaceFolder.Write(folder.Path, TestModels.Gpt2, TestModels.Weights(TestModels.Gpt2));
        List<SafetensorsTensor> trained = TestModels.Weights(TestModels.Gpt2 with { Bias = true });
        SafetensorsWriter.Write(folder["model.safetensors"], trained);
        using HuggingFaceModel model = HuggingFaceModel.Open(folder.Path);
        Assert.True(model.Config.Bias);
        Assert.Contains(model.Weights, w => w.Name == "transformer.ln_f.bias");
    }

    [Fact]
    public void Weights_that_do_not_fit_are_all_named_at_once()
    {
        using var folder = new TempFolder();
        List<SafetensorsTensor> weights = TestModels.Weights(TestModels.Llama);
        HuggingFaceFolder.Write(folder.Path, TestModels.Llama, weights);
        SafetensorsWriter.Write(folder["model.safetensors"],
        [
            .. weights.Where(w => w.Name is not ("model.norm.weight" or "model.layers.0.mlp.up_proj.weight")),
            SafetensorsTensor.Zeros("model.layers.0.mlp.up_proj.weight", DType.Float32, [8, 20]),
            .. Enumerable.Range(0, 25).Select(i => SafetensorsTensor.Zeros($"extra.{i}", DType.Float32, [2])),
        ]);
        string message = Assert.Throws<CheckpointException>(() => HuggingFaceModel.Open(folder.Path)).Message;
        Assert.Contains("missing (1):\n    model.norm.weight [8]", message, StringComparison.Ordinal);
        Assert.Contains("of another shape (1):\n    model.layers.0.mlp.up_proj.weight: expected [20, 8], found [8, 20]", message,
            StringComparison.Ordinal);
        Assert.Contains("not part of the model (25):\n    'extra.0' [2]\n", message, StringComparison.Ordinal);
        Assert.Contains("'extra.19' [2]\n    … and 5 more\n", message, StringComparison.Ordinal);
        Assert.DoesNotContain("extra.20", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_differ_is_reported_and_the_rest_is_read()
    {
        using var folder = new TempFolder();
        List<SafetensorsTensor> weights = TestModels.Weights(TestModels.Llama);
        HuggingFaceFolder.Write(folder.Path, TestModels.Llama, weights);
        SafetensorsWriter.Write(folder["model.safetensors"],
            [.. weights.Where(w => w.Name != "model.norm.weight"), SafetensorsTensor.Zeros("extra", DType.Float32, [2])]);
        Assert.Throws<CheckpointException>(() => HuggingFaceModel.Open(folder.Path, matching: WeightMatching.AllowMissing));
        Assert.Throws<CheckpointException>(() => HuggingFaceModel.Open(folder.Path, matching: WeightMatching.AllowExtra));
        using var device = new CpuDevice(1);
        var model = Architectures.BuildModel(TestModels.Llama, device, seed: 3);
        var norm = model.Parameters.First(p => p.Name == "model.norm.weight");
        norm.Value.Span.Fill(7);
        WeightDifferences differences = ModelFolder.LoadWeights(folder.Path, model, WeightMatching.AllowAny);
        Assert.Equal(("model.norm.weight", "extra"), (Assert.Single(differences.Missing).Name, Assert.Single(differences.Extra).Name));
        Assert.Contains("missing (1):\n    model.norm.weight [8]", differences.ToString(), StringComparison.Ordinal);
        Assert.True(norm.Value.Span.IndexOfAnyExcept(7f) < 0);
        foreach ((int i, WeightSpec weight) in ModelWeights.Plan(TestModels.Llama).Index())
            if (weight.Name != norm.Name) Assert.Equal(TestModels.Values(weight, i), model.Parameters.First(p => p.Name == weight.Name).Value.Span.ToArray());
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1 << 20, false)]
    public void Shards_of_both_formats_hold_the_same(long most, bool isSharded)
    {
        foreach (WeightFormat format in WeightFormat.All)
        {
            using var folder = new TempFolder();
            var files = HuggingFaceFolder.Write(folder.Path, TestModels.Llama, TestModels.Weights(TestModels.Llama), null, new WeightSaving { Format = format, MaxShardBytes = most });
            Assert.Equal(isSharded, files.ContainsKey(format.IndexFileName));
            Assert.All(files, file => Assert.Equal(FileHash.Of(folder[file.Key]), file.Value));
            using HuggingFaceModel model = HuggingFaceModel.Open(folder.Path);
            foreach ((int i, WeightSpec weight) in model.Weights.Index())
                Assert.Equal(TestModels.Values(weight, i), model.Read(weight.Name));
        }
    }

    [Fact]
    public void A_weight_that_is_there_under_two_names_is_refused()
    {
        using var folder = new TempFolder();
        List<SafetensorsTensor> weights = TestModels.Weights(TestModels.Llama);
        HuggingFaceFolder.Write(folder.Path, TestModels.Llama, weights);
        SafetensorsWriter.Write(folder["model.safetensors"], [.. weights, SafetensorsTensor.Zeros("norm.weight", DType.Float32, [8])]);
        Assert.Contains("both", Assert.Throws<CheckpointException>(() => HuggingFaceModel.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_weights_of_the_configuration_are_written()
    {
        using var folder = new TempFolder();
        List<SafetensorsTensor> weights = TestModels.Weights(TestModels.Gpt2);
        Assert.Throws<CheckpointException>(() => HuggingFaceFolder.Write(folder.Path, TestModels.Gpt2, weights.Skip(1)));
        Assert.Throws<CheckpointException>(() => HuggingFaceFolder.Write(folder.Path, TestModels.Gpt2 with { Bias = true }, weights));
    }

    [Fact]
    public void The_tokenizer_is_written_as_it_is_with_its_special_tokens_named()
    {
        using var folder = new TempFolder();
        byte[] tokenizer = """{"added_tokens":[{"id":3,"content":"<s>"},{"id":10,"content":"<|endoftext|>"}],"model":{}}"""u8.ToArray();
        ModelConfig written = TestModels.Gpt2;
        IReadOnlyDictionary<string, FileHash> files = HuggingFaceFolder.Write(folder.Path, written, TestModels.Weights(written), tokenizer);
        Assert.All(files, file => Assert.Equal(FileHash.Of(folder[file.Key]), file.Value));
        Assert.Equal(tokenizer, File.ReadAllBytes(folder["tokenizer.json"]));
        JsonNode config = JsonNode.Parse(File.ReadAllText(folder["tokenizer_config.json"]))!;
        Assert.Equal("PreTrainedTokenizerFast", (string?)config["tokenizer_class"]);
        Assert.Equal("<|endoftext|>", (string?)config["eos_token"]);
        Assert.Null(config["bos_token"]);
        using HuggingFaceModel model = HuggingFaceModel.Open(folder.Path);
        Assert.Equal(folder["tokenizer.json"], model.TokenizerPath);
        Assert.Throws<CheckpointException>(() => TokenizerFiles.Write(folder.Path, "[]"u8.ToArray(), TestModels.Gpt2));
    }

    /// <summary>Writes models for References/checkpoints/open_with_transformers.py, which says whether transformers takes them.</summary>
    [Fact(Explicit = true)]
    public void Write_models_for_transformers()
    {
        string? target = Environment.GetEnvironmentVariable("SINTER_TRANSFORMERS_CHECK");
        Assert.SkipWhen(target is null, "SINTER_TRANSFORMERS_CHECK does not name a folder to write to.");
        byte[] tokenizer = File.ReadAllBytes(CheckpointReferences.Path("tokenizer.json"));
        foreach ((string name, ModelConfig config) in ((string, ModelConfig)[])
            [("gpt2", TestModels.Gpt2 with { VocabSize = 300, EosTokenId = 0 }), ("llama", TestModels.Llama with { VocabSize = 300 }),
             ("gpt2-untied", TestModels.Gpt2 with { VocabSize = 300, TieEmbeddings = false, Bias = true }),
             ("llama-bias", TestModels.Llama with { VocabSize = 300, TieEmbeddings = true, Bias = true, AttentionDropout = 0.1, ResidualDropout = 0.1, EosTokenId = null })])
        {
            AtomicFolder.Write(Path.Combine(target!, name), folder => HuggingFaceFolder.Write(folder, config, TestModels.Weights(config), tokenizer));
        }
    }
}
