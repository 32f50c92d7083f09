using Sinter.Checkpoints.Weights;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class ModelWeightsTests
{
    /// <summary>Each switch of each architecture, on and off.</summary>
    public static TheoryData<ModelConfig> Configs()
    {
        var configs = new TheoryData<ModelConfig>();
        foreach (ModelConfig config in (ModelConfig[])[TestModels.Gpt2, TestModels.Llama])
        {
            foreach (bool bias in (bool[])[false, true])
            {
                foreach (bool tie in (bool[])[false, true])
                    configs.Add(config with { Bias = bias, TieEmbeddings = tie });
            }
        }
        configs.Add(TestModels.Llama with { Bias = true, MlpBias = false });
        configs.Add(TestModels.Llama with { Bias = false, MlpBias = true });
        return configs;
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void The_plan_is_what_the_model_trains(ModelConfig config)
    {
        using var device = new CpuDevice(1);
        CausalLanguageModel model = Architectures.Build(config, device);
        WeightCheck.Compare("the model", ModelWeights.Plan(config), model.Parameters.Select(p => new WeightSpec(p.Name, Shape(p.Value))));
        Assert.Equal(model.ParameterCount, ModelWeights.Plan(config).Sum(w => w.Elements));
    }

    private static long[] Shape(Tensor tensor) => [.. Enumerable.Range(0, tensor.Shape.Rank).Select(i => (long)tensor.Shape[i])];
}
