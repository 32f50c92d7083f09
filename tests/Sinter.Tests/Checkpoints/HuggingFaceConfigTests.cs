using System.Text.Json.Nodes;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Models;

namespace Sinter.Tests.Checkpoints;

public sealed class HuggingFaceConfigTests
{
    /// <summary>gpt2's own config.json on the Hub (transformers 4 and before), made small.</summary>
    private const string Gpt2V4 = """
        {"activation_function":"gelu_new","architectures":["GPT2LMHeadModel"],"attn_pdrop":0.1,"bos_token_id":10,"embd_pdrop":0.1,"eos_token_id":10,
         "initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"gpt2","n_ctx":6,"n_embd":8,"n_head":2,"n_layer":2,"n_positions":6,
         "resid_pdrop":0.1,"summary_activation":null,"summary_first_dropout":0.1,"summary_proj_to_labels":true,"summary_type":"cls_index",
         "summary_use_proj":true,"task_specific_params":{"text-generation":{"do_sample":true,"max_length":50}},"vocab_size":11}
        """;

    /// <summary>A llama config.json as transformers 4 writes it.</summary>
    private const string LlamaV4 = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":1,"eos_token_id":2,"head_dim":4,
         "hidden_act":"silu","hidden_size":16,"initializer_range":0.02,"intermediate_size":40,"max_position_embeddings":32,"mlp_bias":false,
         "model_type":"llama","num_attention_heads":4,"num_hidden_layers":3,"num_key_value_heads":2,"pretraining_tp":1,"rms_norm_eps":1e-05,
         "rope_scaling":null,"rope_theta":500000.0,"tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.51.0",
         "use_cache":true,"vocab_size":100}
        """;

    [Fact]
    public void Gpt2_of_version_5_is_read() => Assert.Equal(
        new ModelConfig
        {
            Architecture = "gpt2", VocabSize = 11, NumLayers = 2, NumHeads = 2, NumKvHeads = 2, HiddenSize = 8, HeadSize = 4, IntermediateSize = 32,
            ContextLength = 6, EmbeddingDropout = 0.1, AttentionDropout = 0.1, ResidualDropout = 0.1, Bias = true, TieEmbeddings = true,
            NormEpsilon = 1e-5, EosTokenId = 10,
        },
        HuggingFaceConfig.Read(CheckpointReferences.Path("gpt2/config.json")));

    [Fact]
    public void Gpt2_of_version_4_is_read() => Assert.Equal(
        HuggingFaceConfig.Read(CheckpointReferences.Path("gpt2/config.json")) with { BosTokenId = 10 }, Read(Gpt2V4));

    [Fact]
    public void Llama_of_version_5_is_read() => Assert.Equal(
        new ModelConfig
        {
            Architecture = "llama", VocabSize = 11, NumLayers = 2, NumHeads = 4, NumKvHeads = 2, HiddenSize = 8, HeadSize = 6, IntermediateSize = 12,
            ContextLength = 6, Bias = true, TieEmbeddings = true, NormEpsilon = 1e-6, RopeTheta = 10_000, BosTokenId = 1, EosTokenId = 2,
            OtherEosTokenIds = new([3]),
        },
        HuggingFaceConfig.Read(CheckpointReferences.Path("llama-bias-tied/config.json")));

    [Fact]
    public void Llama_of_version_4_is_read() => Assert.Equal(
        new ModelConfig
        {
            Architecture = "llama", VocabSize = 100, NumLayers = 3, NumHeads = 4, NumKvHeads = 2, HiddenSize = 16, HeadSize = 4,
            IntermediateSize = 40,
            ContextLength = 32, Bias = false, TieEmbeddings = false, NormEpsilon = 1e-5, RopeTheta = 500_000, BosTokenId = 1,
            EosTokenId = 2,
        },
        Read(LlamaV4));

    [Fact]
    public void What_the_first_llama_left_out_has_its_default()
    {
        ModelConfig config = Read("""
            {"model_type":"llama","hidden_size":16,"intermediate_size":40,"num_attention_heads":4,"num_hidden_layers":3,"vocab_size":100}
            """);
        Assert.Equal((4, 4, 1e-6, 10_000.0, 2048), (config.NumKvHeads, config.HeadSize, config.NormEpsilon, config.RopeTheta, config.ContextLength));
    }

    [Theory]
    [InlineData("""{"rope_parameters":{"rope_type":"default","rope_theta":500000}}""", 500_000)]
    [InlineData("""{"rope_theta":null,"rope_parameters":{"rope_type":"default","rope_theta":7e4}}""", 70_000)]
    [InlineData("""{"rope_scaling":{"type":"default"}}""", 500_000)]
    [InlineData("""{"rope_theta":null,"rope_parameters":{}}""", 10_000)]
    public void The_base_of_rotary_positions_is_found_where_either_version_puts_it(string change, double theta) =>
        Assert.Equal(theta, Read(Changed(LlamaV4, change)).RopeTheta);

    [Theory]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8.0}}""", "rope_scaling.low_freq_factor", "missing")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":0}}""", "rope_scaling.factor", "not above 0")]
    [InlineData("""{"rope_scaling":{"type":"proportional"}}""", "rope_scaling.rope_type", "'proportional'")]
    [InlineData("""{"rope_parameters":{"rope_type":"yarn","rope_theta":500000}}""", "rope_parameters.factor", "missing")]
    [InlineData("""{"rope_parameters":{"rope_type":"longrope","short_factor":["a"]}}""", "rope_parameters.short_factor", "an array of numbers")]
    [InlineData("""{"rope_parameters":{"rope_type":"default","rope_theta":10000}}""", "rope_parameters.rope_theta", "contradicts the 500000")]
    [InlineData("""{"rope_parameters":{"partial_rotary_factor":0.5}}""", "partial_rotary_factor", "1 was expected")]
    [InlineData("""{"rope_theta":0}""", "rope_theta", "above 0")]
    [InlineData("""{"rms_norm_eps":-1e-5}""", "rms_norm_eps", "is negative")]
    [InlineData("""{"rope_theta":"a"}""", "rope_theta", "a number was expected")]
    [InlineData("""{"hidden_act":"gelu"}""", "hidden_act", "silu is")]
    [InlineData("""{"attention_dropout":1}""", "attention_dropout", "not a probability")]
    [InlineData("""{"sinter":{"residual_dropout":-0.1}}""", "sinter.residual_dropout", "not a probability")]
    [InlineData("""{"num_key_value_heads":3}""", "num_key_value_heads", "does not divide")]
    [InlineData("""{"num_key_value_heads":8}""", "num_key_value_heads", "from 1 to 4")]
    [InlineData("""{"head_dim":3}""", "head_dim", "pairs")]
    [InlineData("""{"head_dim":null,"num_attention_heads":3,"num_key_value_heads":3}""", "num_attention_heads", "do not divide")]
    [InlineData("""{"num_hidden_layers":2000000000}""", "num_hidden_layers", "from 1 to 10000")]
    [InlineData("""{"hidden_size":null}""", "hidden_size", "missing")]
    [InlineData("""{"hidden_size":16.5}""", "hidden_size", "a whole number")]
    [InlineData("""{"hidden_size":-16}""", "hidden_size", "a whole number")]
    [InlineData("""{"vocab_size":99999999999}""", "vocab_size", "a whole number")]
    [InlineData("""{"eos_token_id":"x"}""", "eos_token_id", "a token id")]
    [InlineData("""{"tie_word_embeddings":"yes"}""", "tie_word_embeddings", "true or false")]
    [InlineData("""{"quantization_config":{"quant_method":"gptq"}}""", "quantization_config", "not supported")]
    [InlineData("""{"model_type":"mamba"}""", "model_type", "there are: gpt2, llama")]
    [InlineData("""{"model_type":null}""", "model_type", "missing")]
    public void What_llama_computes_otherwise_is_refused_by_name(string change, string key, string expected) =>
        Refused(LlamaV4, change, key, expected);

    [Theory]
    [InlineData("""{"activation_function":"silu"}""", "activation_function", "relu")]
    [InlineData("""{"scale_attn_weights":false}""", "scale_attn_weights", "true was expected")]
    [InlineData("""{"scale_attn_by_inverse_layer_idx":true}""", "scale_attn_by_inverse_layer_idx", "false was expected")]
    [InlineData("""{"add_cross_attention":true}""", "add_cross_attention", "false was expected")]
    [InlineData("""{"n_head":3}""", "n_head", "do not divide")]
    [InlineData("""{"n_positions":null}""", "n_positions", "missing")]
    [InlineData("""{"attn_pdrop":-0.2}""", "attn_pdrop", "not a probability")]
    [InlineData("""{"sinter":{"stochastic_depth":1}}""", "sinter.stochastic_depth", "not a probability")]
    [InlineData("""{"resid_pdrop":1.0}""", "resid_pdrop", "not a probability")]
    [InlineData("""{"n_inner":0}""", "n_inner", "from 1")]
    [InlineData("""{"sinter":true}""", "sinter", "an object was expected")]
    public void What_gpt2_computes_otherwise_is_refused_by_name(string change, string key, string expected) => Refused(Gpt2V4, change, key, expected);

    [Fact]
    public void Dropouts_have_the_names_of_transformers()
    {
        ModelConfig gpt2 = Read(Changed(Gpt2V4, """{"embd_pdrop":0.2,"attn_pdrop":0.3,"resid_pdrop":0}"""));
        Assert.Equal((0.2, 0.3, 0.0), (gpt2.EmbeddingDropout, gpt2.AttentionDropout, gpt2.ResidualDropout));
        ModelConfig llama = Read(Changed(LlamaV4, """{"attention_dropout":0.1}"""));
        Assert.Equal((0.0, 0.1, 0.0), (llama.EmbeddingDropout, llama.AttentionDropout, llama.ResidualDropout));
        llama = Read(Changed(LlamaV4, """{"attention_dropout":0.2,"sinter":{"dropout":0.2}}"""));
        Assert.Equal((0.2, 0.2, 0.2), (llama.EmbeddingDropout, llama.AttentionDropout, llama.ResidualDropout));
    }

    [Fact]
    public void Token_ids_may_be_a_list_and_are_dropped_outside_the_vocabulary()
    {
        Assert.Equal(7, Read(Changed(LlamaV4, """{"eos_token_id":[7,8]}""")).EosTokenId);
        Assert.Null(Read(Changed(Gpt2V4, """{"eos_token_id":50256}""")).EosTokenId);
        Assert.Null(Read(Changed(Gpt2V4, """{"bos_token_id":-1}""")).BosTokenId);
    }

    public static TheoryData<ModelConfig> Models() =>
    [
        new ModelConfig
        {
            Architecture = "gpt2", VocabSize = 65, NumLayers = 4, NumHeads = 4, NumKvHeads = 4, HiddenSize = 128, HeadSize = 32,
            IntermediateSize = 500,
            ContextLength = 64, EmbeddingDropout = 0.2, AttentionDropout = 0.25, ResidualDropout = 0.3, StochasticDepth = 0.4, Bias = true,
            TieEmbeddings = true, NormEpsilon = 1e-6, InitializerRange = 0.5, BosTokenId = 1, EosTokenId = 64,
        },
        new ModelConfig
        {
            Architecture = "gpt2", VocabSize = 65, NumLayers = 1, NumHeads = 1, NumKvHeads = 1, HiddenSize = 8, HeadSize = 8, IntermediateSize = 32,
            ContextLength = 64, Bias = false, TieEmbeddings = false,
        },
        new ModelConfig
        {
            Architecture = "llama", VocabSize = 65, NumLayers = 4, NumHeads = 4, NumKvHeads = 1, HiddenSize = 128, HeadSize = 16,
            IntermediateSize = 500,
            ContextLength = 64, EmbeddingDropout = 0.1, AttentionDropout = 0.2, ResidualDropout = 0.3, StochasticDepth = 0.4, Bias = true,
            TieEmbeddings = true, NormEpsilon = 1, RopeTheta = 1e6, InitializerRange = 1, EosTokenId = 0,
        },
        new ModelConfig
        {
            Architecture = "llama", VocabSize = 65, NumLayers = 4, NumHeads = 4, NumKvHeads = 4, HiddenSize = 128, HeadSize = 32,
            IntermediateSize = 500,
            ContextLength = 64, RopeTheta = 12345.678, MlpBias = true,
        },
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_written_is_read_back(ModelConfig config)
    {
        using var folder = new TempFolder();
        FileHash hash = HuggingFaceConfig.Write(folder["config.json"], config);
        Assert.Equal(config, HuggingFaceConfig.Read(folder["config.json"]));
        Assert.Equal(FileHash.Of(folder["config.json"]), hash);
    }

    [Fact]
    public void A_model_that_gpt2_cannot_be_is_not_written()
    {
        using var folder = new TempFolder();
        ModelConfig config = HuggingFaceConfig.Read(CheckpointReferences.Path("gpt2/config.json")) with { NumKvHeads = 1 };
        Assert.Throws<CheckpointException>(() => HuggingFaceConfig.Write(folder["config.json"], config));
        Assert.Throws<CheckpointException>(() => HuggingFaceConfig.Write(folder["config.json"], config with { Architecture = "bert" }));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_damaged_config_is_read_or_refused_and_nothing_else()
    {
        using var folder = new TempFolder();
        var random = new Random(7);
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(LlamaV4);
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : "0123456789-.{}[]\",:\\ e"u8[random.Next(22)];
            try
            {
                HuggingFaceConfig.Read(folder.File("config.json", bytes));
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 1999);
    }

    private static void Refused(string json, string change, string key, string expected)
    {
        string message = Assert.Throws<CheckpointException>(() => Read(Changed(json, change))).Message;
        Assert.Contains($"config.json: '{key}': ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static string Changed(string json, string change)
    {
        JsonObject config = JsonNode.Parse(json)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
            config[key] = value?.DeepClone();
        return config.ToJsonString();
    }

    private static ModelConfig Read(string json)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["config.json"], json);
        return HuggingFaceConfig.Read(folder["config.json"]);
    }
}
