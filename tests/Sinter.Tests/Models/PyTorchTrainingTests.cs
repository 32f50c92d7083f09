using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Training.Clipping;

namespace Sinter.Tests.Models;

/// <summary>Ten updates of each reference model against PyTorch's: see References/models.</summary>
public sealed class PyTorchTrainingTests
{
    // PyTorch's own float32 losses are within 2e-5 of its float64's; the script refuses to write others.
    private const double Tolerance = 1e-4;

    private static readonly AdamWOptions Options = new() { LearningRate = 0.01, Betas = (0.9, 0.95), Epsilon = 1e-8, WeightDecay = 0.1 };

    [Theory]
    [InlineData("gpt2-tiny", false), InlineData("gpt2-tiny", true), InlineData("llama-tiny", false), InlineData("llama-tiny", true),
        InlineData("mistral-tiny", false), InlineData("mistral-tiny", true),
        InlineData("qwen2-tiny", false), InlineData("qwen2-tiny", true),
        InlineData("qwen3-tiny", false), InlineData("qwen3-tiny", true),
        InlineData("gemma2-tiny", false), InlineData("gemma2-tiny", true), InlineData("phi3-tiny", false), InlineData("phi3-tiny", true)]
    public void Ten_updates(string name, bool clipped)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        string series = clipped ? "losses_clipped" : "losses";
        double[] losses = reference.Float64(series + ".exact"), norms = reference.Float64(series + ".gradient_norms.exact");
        Assert.Equal(10, losses.Length);
        Assert.True(!clipped || norms.Max() > 1.01, "nothing would be clipped");
        var model = ModelFolder.Load(Reference.Folder(name), device).LanguageModel;
        Tensor tokens = reference.Int32(device, "input_ids"), targets = reference.Int32(device, "targets");
        var optimizer = Options.Create(model.Parameters);
        var gradients = new GradientSet(model.Parameters);
        for (int step = 0; step < losses.Length; step++)
        {
            using var scope = device.Scope("step");
            foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
            var result = model.Loss(tokens, targets, 0, new ForwardContext { Training = true, Step = step + 1 });
            Near(losses[step], result.Sum / result.Targets, $"loss {step}");
            result.Loss.Backward();
            double norm = gradients.Norm();
            Near(norms[step], norm, $"gradient norm {step}");
            optimizer.Update(Options.LearningRate, clipped ? NormClip.Factor(1.0, norm) : 1);
        }
        using var last = device.Scope("after");
        using var pause = device.Tape.Pause();
        var after = model.Loss(tokens, targets, 0, default);
        Near(reference.Float64(series + ".after.exact")[0], after.Sum / after.Targets, "loss after");
    }

    private static void Near(double want, double got, string what) =>
        Assert.True(Math.Abs(got - want) <= Tolerance * want, $"{what}: {got} instead of {want}");
}
