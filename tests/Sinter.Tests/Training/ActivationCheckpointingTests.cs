using System.Runtime.InteropServices;
using Sinter.Tensors;
using Sinter.Tensors.Profiling;

namespace Sinter.Tests.Training;

/// <summary>A run whose blocks are computed again in the backward pass is bit for bit the run that keeps what is inside, and holds less.</summary>
public sealed class ActivationCheckpointingTests
{
    [Theory]
    [InlineData("gpt2", Precision.Float32, 1), InlineData("gpt2", Precision.BFloat16, 3), InlineData("llama", Precision.Float32, 3),
        InlineData("llama", Precision.BFloat16, 1), InlineData("qwen3", Precision.Float32, 1), InlineData("gemma2", Precision.BFloat16, 2), InlineData("phi3", Precision.Float32, 2)]
    public void The_same_bits_with_dropout_and_micro_batches(string architecture, Precision precision, int accumulation)
    {
        using var kept = Train(architecture, precision, accumulation, checkpoint: false);
        using var again = Train(architecture, precision, accumulation, checkpoint: true);
        Assert.Equal(kept.Losses.Select(BitConverter.DoubleToInt64Bits), again.Losses.Select(BitConverter.DoubleToInt64Bits));
        Assert.True(Bits(kept.Weights()).SequenceEqual(Bits(again.Weights())));
        long all = kept.Device.Profile!.SavedBytes, inputs = again.Device.Profile!.SavedBytes;
        Assert.True(inputs < 0.5 * all, $"{inputs} bytes waited for the backward pass, {all} without checkpointing");
    }

    private static SmallLoop Train(string architecture, Precision precision, int accumulation, bool checkpoint)
    {
        var options = SmallLoop.Training(4, 5, accumulation, 3e-3);
        options.ActivationCheckpointing = checkpoint;
        var run = new SmallLoop(SmallModels.Of(architecture, 0.1), options, precision: precision);
        run.Device.Profile = new OpProfile();
        return run.Run();
    }

    private static ReadOnlySpan<int> Bits(float[] values) => MemoryMarshal.Cast<float, int>(values);
}
