using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Models;

/// <summary>The models against PyTorch and transformers: see References/models.</summary>
public sealed unsafe class PyTorchParityTests
{
    // Float32 sums in another order than PyTorch's: its own float32 differs from its float64 by up to 1e-5 here.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("gpt2-tiny"), InlineData("gpt2-nobias"), InlineData("gpt2-hub"), InlineData("llama-tiny"), InlineData("llama-v4")]
    public void Logits(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = LanguageModelFolder.Load(Reference.Folder(name), device).Model;
        using var scope = device.Scope("logits");
        var logits = model.Logits(reference.Int32(device, "input_ids"), default);
        Close(reference.Float32("logits"), logits.Span, "logits");
    }

    [Theory]
    [InlineData("gpt2-tiny"), InlineData("llama-tiny")]
    public void Gradients_by_name(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = LanguageModelFolder.Load(Reference.Folder(name), device).Model;
        using var scope = device.Scope("step");
        var result = model.Loss(reference.Int32(device, "input_ids"), reference.Int32(device, "targets"), 0, new ForwardContext { Training = true });
        Assert.Equal(reference.Float32("loss")[0], result.Loss.Item, 1e-4);
        result.Loss.Backward();
        Assert.NotEmpty(model.Parameters);
        foreach (var parameter in model.Parameters) Close(reference.Float32("grad." + parameter.Name + ".exact"), parameter.Value.Grad.Span, parameter.Name);
    }

    private static void Close(float[] want, ReadOnlySpan<float> got, string name)
    {
        Assert.Equal(want.Length, got.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < want.Length; i++)
        {
            error += Math.Pow(got[i] - (double)want[i], 2);
            norm += (double)want[i] * want[i];
        }
        Assert.True(Math.Sqrt(error) <= Tolerance * Math.Sqrt(norm) + 1e-7, $"{name}: {Math.Sqrt(error)} of {Math.Sqrt(norm)}");
    }
}
