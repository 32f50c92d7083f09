using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tests.Training;

namespace Sinter.Tests.Layers;

/// <summary>How weights begin.</summary>
public sealed class InitializerTests
{
    public static TheoryData<string> Names() => [.. InitializerRegistry.All.Names];

    [Fact]
    public void The_registry_has_all() => Assert.Equal(
        ["zeros", "ones", "constant", "uniform", "normal", "truncated_normal", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "orthogonal",
            "sparse", "identity", "gpt2"], InitializerRegistry.All.Names);

    [Fact]
    public void Constants_are_what_they_say()
    {
        var vector = new ParameterSpec("b", new Shape(7), ParameterRole.Bias);
        Assert.All(InitializerCase.Fill(Initializer.Zeros, vector), v => Assert.Equal(0, v));
        Assert.All(InitializerCase.Fill(Initializer.Ones, vector), v => Assert.Equal(1, v));
        Assert.All(InitializerCase.Fill(new ConstantInitializer { Value = -0.25 }, vector), v => Assert.Equal(-0.25f, v));
    }

    [Theory]
    [InlineData(3, 5), InlineData(5, 3), InlineData(4, 4)]
    public void The_identity_has_its_scale_on_the_diagonal(int rows, int columns)
    {
        float[] values = InitializerCase.Fill(new IdentityInitializer { Scale = 2.5 }, InitializerCase.Matrix(columns, rows));
        for (int i = 0; i < values.Length; i++) Assert.Equal(i / columns == i % columns ? 2.5f : 0, values[i]);
    }

    [Theory]
    [InlineData(0.0, 0), InlineData(0.1, 5), InlineData(0.5, 24), InlineData(0.9, 43), InlineData(1.0, 47)]
    public void Each_input_of_a_sparse_matrix_has_the_same_number_of_zeros(double sparsity, int zeros)
    {
        foreach (var layout in new[] { WeightLayout.OutputsByInputs, WeightLayout.InputsByOutputs })
        {
            var spec = InitializerCase.Matrix(33, 47, layout);
            float[] values = InitializerCase.Fill(new SparseInitializer { Sparsity = sparsity }, spec);
            Assert.All(InitializerReferenceTests.Zeros(values, spec), z => Assert.Equal(zeros, z));
            if (zeros is 0 or 47) continue;
            // Which outputs those are differs from input to input.
            var patterns = Enumerable.Range(0, 33).Select(input => string.Concat(Enumerable.Range(0, 47).Select(output =>
                values[layout == WeightLayout.OutputsByInputs ? output * 33 + input : input * 47 + output] == 0 ? '0' : '1')));
            Assert.Equal(33, patterns.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_a_function_of_seed_and_name(string name)
    {
        var initializer = Make(name);
        var spec = InitializerCase.Matrix(20, 30);
        float[] values = InitializerCase.Fill(initializer, spec);
        Assert.Equal(values, InitializerCase.Fill(initializer, spec, threads: 2));
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        if (name is "zeros" or "ones" or "constant" or "identity") return;
        Assert.Empty(values.Where(v => v != 0).Intersect(InitializerCase.Fill(initializer, spec, seed: 2)));
        Assert.Empty(values.Where(v => v != 0).Intersect(InitializerCase.Fill(initializer, spec with { Name = "v" })));
        Assert.True(values.Where(v => v != 0).Distinct().Count() > values.Count(v => v != 0) * 0.99);
    }

    [Fact]
    public void What_draws_each_element_by_itself_does_not_look_at_the_shape()
    {
        foreach (string name in new[] { "uniform", "normal", "truncated_normal", "gpt2" })
            Assert.Equal(InitializerCase.Fill(Make(name), new ParameterSpec("w", new Shape(100)))[..33],
                InitializerCase.Fill(Make(name), new ParameterSpec("w", new Shape(33))));
    }

    [Theory]
    [InlineData("xavier_uniform"), InlineData("xavier_normal"), InlineData("he_uniform"), InlineData("he_normal"), InlineData("orthogonal"),
     InlineData("sparse"), InlineData("identity")]
    public void What_needs_inputs_and_outputs_refuses_a_vector(string name)
    {
        string message = Assert.Throws<SinterException>(() => InitializerCase.Fill(Make(name), new ParameterSpec("ln.bias", new Shape(8)))).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("ln.bias", message, StringComparison.Ordinal);
    }

    // Runs that began before there was a choice go on, and repeat, with the same bits: Box and Muller's numbers of Philox, four to a block.
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Without_a_choice_the_bits_are_those_they_were(string architecture)
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of(architecture);
        var model = Architectures.Build(Architectures.Configure(options, 31, null), device, 9, Architectures.Initialization(options));
        foreach (var parameter in model.Parameters)
        {
            bool residual = architecture == "gpt2" && parameter.Name.EndsWith("c_proj.weight", StringComparison.Ordinal);
            float std = (float)(residual ? 0.02 / Math.Sqrt(2.0 * options.NumLayers) : 0.02);
            float[] got = parameter.Value.ToArray();
            for (int i = 0; i < got.Length; i++) Assert.Equal(Expected(parameter, i, std), got[i]);
        }

        static float Expected(Parameter parameter, int i, float std)
        {
            if (!parameter.IsMatrix) return parameter.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1;
            uint hash = 2166136261;
            foreach (char c in parameter.Name) hash = (hash ^ c) * 16777619;
            var block = Philox.Block(9, (ulong)i / 4, (ulong)hash << 32 | 1);
            var (a, b) = i % 4 < 2 ? (block.X0, block.X1) : (block.X2, block.X3);
            double radius = Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967296.0)), angle = 2 * Math.PI * b / 4294967296.0;
            return (float)(radius * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)) * std);
        }
    }

    // Radford et al., 2019, section 2.3: residual projections are scaled by 1 ÷ √(residual layers), two in each block.
    [Theory]
    [InlineData("gpt2", null, 0.01), InlineData("llama", null, 0.02), InlineData("llama", "gpt2", 0.01), InlineData("gpt2", "normal", 0.02)]
    public void Weights_begin_as_the_architecture_or_the_recipe_says(string architecture, string? initializer, double residual)
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of(architecture);
        (options.HiddenSize, options.IntermediateSize) = (128, 256);
        options.Initializer = initializer is null ? null : Make(initializer);
        var model = Build(options, device);   // two blocks: ÷ √4
        foreach (var parameter in model.Parameters)
        {
            double deviation = Math.Sqrt(parameter.Value.ToArray().Average(v => (double)v * v));
            bool isResidual = parameter.Name.EndsWith("c_proj.weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            double want = parameter.IsMatrix ? isResidual ? residual : 0.02 : parameter.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1;
            Assert.True(Math.Abs(deviation - want) <= 0.05 * want, $"{parameter.Name}: {deviation} instead of {want}");
        }
        Assert.Equal(model.Parameters.Sum(p => p.Value.Count), model.ParameterCount);
    }

    // GPT-2's matrices lie inputs × outputs, Llama's outputs × inputs: the same layer begins with the same spread.
    [Theory]
    [InlineData("gpt2", "transformer.h.1.mlp.c_fc.weight", 40), InlineData("gpt2", "transformer.h.1.mlp.c_proj.weight", 72),
     InlineData("llama", "model.layers.1.mlp.up_proj.weight", 40), InlineData("llama", "model.layers.1.mlp.down_proj.weight", 72),
     InlineData("gpt2", "transformer.wte.weight", 40), InlineData("llama", "lm_head.weight", 40)]
    public void Fans_are_those_of_the_layer(string architecture, string name, int fanIn)
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of(architecture);
        options.Initializer = new HeNormalInitializer { Activation = "linear" };
        float[] values = Build(options, device, 1000).Parameters.Single(p => p.Name == name).Value.ToArray();
        InitializerCase.HasMoments(values, 0, 1 / Math.Sqrt(fanIn), 3);
    }

    [Fact]
    public void The_first_rule_that_matches_decides_and_biases_keep_theirs()
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of("gpt2");
        options.Initializer = new ConstantInitializer { Value = 3 };
        options.Initializers =
        [
            new() { Match = ["transformer.h.0.attn.c_attn.*"], Initializer = new ConstantInitializer { Value = 4 } },
            new() { Match = ["*.c_attn.weight"], Initializer = new ConstantInitializer { Value = 5 } },
            new() { Match = ["*.h.?.ln_?.weight"], Initializer = new ConstantInitializer { Value = 6 } },
        ];
        var values = Build(options, device).Parameters.ToDictionary(p => p.Name, p => p.Value.ToArray().Distinct().Single());
        Assert.Equal((4, 4, 5, 0), (values["transformer.h.0.attn.c_attn.weight"], values["transformer.h.0.attn.c_attn.bias"],
            values["transformer.h.1.attn.c_attn.weight"], values["transformer.h.1.attn.c_attn.bias"]));
        Assert.Equal((6, 6, 1, 0, 3), (values["transformer.h.0.ln_1.weight"], values["transformer.h.1.ln_2.weight"], values["transformer.ln_f.weight"],
            values["transformer.h.0.ln_1.bias"], values["transformer.wte.weight"]));
    }

    [Fact]
    public void A_rule_that_matches_nothing_is_refused()
    {
        using var device = new CpuDevice(1);
        var options = SmallModels.Of("gpt2");
        options.Initializers = [new() { Match = ["*.weight"] }, new() { Match = ["model.layers.*"] }];
        string message = Assert.Throws<SinterException>(() => Build(options, device)).Message;
        Assert.Contains("'model.layers.*'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'*.weight'", message, StringComparison.Ordinal);
        Assert.Contains("the nearest is transformer.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_config_states_the_spread_of_normal_weights()
    {
        var options = SmallModels.Of("llama");
        Assert.Equal(0.02, Architectures.Configure(options, 31, null).InitializerRange);
        options.Initializer = new NormalInitializer { Std = 0.05 };
        Assert.Equal(0.05, Architectures.Configure(options, 31, null).InitializerRange);
        options.Initializer = new Gpt2Initializer { Std = 0.03 };
        Assert.Equal(0.03, Architectures.Configure(options, 31, null).InitializerRange);
    }

    [Fact]
    public void Two_parameters_of_one_name_are_refused()
    {
        using var device = new CpuDevice(1);
        var parameters = new ParameterSet(device, 1);
        parameters.Add("w", new Shape(2), Initializer.Ones);
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => parameters.Add("w", new Shape(2), Initializer.Ones)).Message,
            StringComparison.Ordinal);
    }

    private static CausalLanguageModel Build(ModelOptions options, CpuDevice device, int vocabulary = 300) =>
        Architectures.Build(Architectures.Configure(options, vocabulary, null), device, 1, Architectures.Initialization(options));

    private static Initializer Make(string name) => Sinter.Recipes.RecipeReader.Parse(
        $"{{ data: {{ text: sdk-docs }}, model: {{ initializer: {name} }}, training: {{ max_steps: 1 }} }}", "r.yaml").Model.Initializer!;
}
