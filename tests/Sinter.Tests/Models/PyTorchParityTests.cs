using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Tests.Models;

/// <summary>The models against PyTorch and transformers: see References/models.</summary>
public sealed unsafe class PyTorchParityTests
{
    // Float32 sums in another order than PyTorch's: its own float32 differs from its float64 by up to 1e-5 here.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("gpt2-tiny"), InlineData("gpt2-nobias"), InlineData("gpt2-hub"), InlineData("llama-tiny"), InlineData("llama-v4"),
        InlineData("mistral-tiny"), InlineData("qwen2-tiny"), InlineData("qwen3-tiny"), InlineData("gemma2-tiny"), InlineData("phi3-tiny")]
    public void Logits(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = ModelFolder.Load(Reference.Folder(name), device).LanguageModel;
        using var scope = device.Scope("logits");
        var logits = model.Logits(reference.Int32(device, "input_ids"), default);
        Closeness.Close(reference.Float32("logits"), logits.Span, Tolerance, "logits");
    }

    [Theory]
    [InlineData("gpt2-tiny"), InlineData("llama-tiny"),
        InlineData("mistral-tiny"), InlineData("qwen2-tiny"), InlineData("qwen3-tiny"), InlineData("gemma2-tiny"), InlineData("phi3-tiny")]
    public void Gradients_by_name(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = ModelFolder.Load(Reference.Folder(name), device).LanguageModel;
        using var scope = device.Scope("step");
        var result = model.Loss(reference.Int32(device, "input_ids"), reference.Int32(device, "targets"), 0, new ForwardContext { Training = true });
        Assert.Equal(reference.Float32("loss")[0], result.Loss.Item, 1e-4);
        result.Loss.Backward();
        Assert.NotEmpty(model.Parameters);
        foreach (var parameter in model.Parameters)
            Closeness.Close(reference.Float32("grad." + parameter.Name + ".exact"), parameter.Value.Grad.Span, Tolerance, parameter.Name);
    }
}
