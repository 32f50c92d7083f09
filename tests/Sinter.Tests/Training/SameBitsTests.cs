using System.Runtime.InteropServices;
using Sinter.Tensors;

namespace Sinter.Tests.Training;

/// <summary>The same seed gives the same bits whatever the number of threads and the order in which they finish.</summary>
public sealed class SameBitsTests
{
    [Theory]
    [InlineData("gpt2", Precision.Float32), InlineData("gpt2", Precision.BFloat16), InlineData("llama", Precision.Float32),
        InlineData("llama", Precision.BFloat16), InlineData("qwen3", Precision.BFloat16), InlineData("gemma2", Precision.Float32), InlineData("phi3", Precision.BFloat16)]
    public void One_two_and_three_threads(string architecture, Precision precision)
    {
        var (losses, weights) = Train(architecture, precision, 1);
        for (int threads = 2; threads <= 3; threads++)
        {
            var (otherLosses, otherWeights) = Train(architecture, precision, threads);
            Assert.Equal(losses.Select(BitConverter.DoubleToInt64Bits), otherLosses.Select(BitConverter.DoubleToInt64Bits));
            Assert.True(Bits(weights).SequenceEqual(Bits(otherWeights)), $"{threads} threads gave other weights than one");
        }
    }

    [Fact]
    public void Another_seed_gives_other_bits()
    {
        using var one = new SmallLoop(SmallModels.Of("gpt2", 0.1), Options(1)).Run();
        using var two = new SmallLoop(SmallModels.Of("gpt2", 0.1), Options(2)).Run();
        Assert.False(Bits(one.Weights()).SequenceEqual(Bits(two.Weights())));
    }

    [Fact]
    public void The_mask_changes_with_the_step_and_the_sample()
    {
        using var run = new SmallLoop(SmallModels.Of("gpt2", 0.3), Options(1));
        using var scope = run.Device.Scope("test");
        int[] tokens = [.. Enumerable.Range(0, 18).Select(i => i % run.Model.Config.VocabSize)];
        var input = run.Device.From([.. tokens, .. tokens], 2, 18);
        float[] Hidden(long step, long sample) => run.Model.Hidden(input,
            new() { Training = true, Seed = 1, Step = step, FirstSample = sample }).ToArray();
        float[] a = Hidden(1, 0), next = Hidden(2, 0), shifted = Hidden(1, 1);
        int row = a.Length / 2;
        Assert.Equal(a, Hidden(1, 0));
        Assert.NotEqual(a, next);
        Assert.NotEqual(a[..row], a[row..]);
        Assert.Equal(a[row..], shifted[..row]);
    }

    private static (double[] Losses, float[] Weights) Train(string architecture, Precision precision, int threads)
    {
        using var run = new SmallLoop(SmallModels.Of(architecture, 0.1), Options(1), threads, precision);
        if (threads > 1) run.Device.Workers.BeforeTile = Shake;
        run.Run();
        return (run.Losses, run.Weights());
    }

    private static void Shake(int tile)
    {
        int spins = Random.Shared.Next(64);
        if (spins < 16) Thread.SpinWait(spins * 8);
        if (spins == 63) Thread.Yield();
    }

    private static Sinter.Training.TrainingOptions Options(ulong seed)
    {
        var options = SmallLoop.Training(4, 5, 2, 3e-3);
        options.Seed = seed;
        return options;
    }

    private static ReadOnlySpan<int> Bits(float[] values) => MemoryMarshal.Cast<float, int>(values);
}
