using Sinter.Tensors;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>Micro-batches and evaluation share packed weights; a step of one micro-batch holds nothing. No bit of the result depends on it.</summary>
public sealed class HeldWeightsTests
{
    private const int Steps = 4;

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Micro_batches_share_packed_weights(string architecture)
    {
        var (held, packs, matrices) = Weights(architecture, accumulation: 3, limit: null);
        var (free, none, _) = Weights(architecture, accumulation: 3, limit: 0);
        Assert.Equal(free, held);
        Assert.Equal(0, none);
        // Once a step for the way forward and once for the way back, and for the evaluations before the first step and after the last.
        Assert.InRange(packs, Steps * 2 * matrices, Steps * 2 * matrices + 2 * matrices);
    }

    [Fact]
    public void One_micro_batch_a_step_holds_nothing() => Assert.Equal(0, Weights("gpt2", accumulation: 1, limit: null).Packs);

    [Fact]
    public void An_evaluation_packs_each_weight_once()
    {
        var options = SmallLoop.Training(1, 2, 1);
        options.EvalTokens = 9000;   // several batches
        using var run = new SmallLoop(SmallModels.Of("gpt2"), options, precision: Precision.BFloat16, characters: 120_000);
        run.Run();
        Assert.Equal(Multiplying(run) * run.Events.OfType<Evaluated>().Count(), run.Device.Matrix.Held.Packs);
        Assert.Equal(0, run.Device.Matrix.Held.Bytes);
    }

    private static (float[] Weights, long Packs, int Matrices) Weights(string architecture, int accumulation, long? limit)
    {
        using var run = new SmallLoop(SmallModels.Of(architecture), SmallLoop.Training(Steps, 2, accumulation), precision: Precision.BFloat16);
        using (limit is null ? null : run.Device.HoldWeights(limit)) run.Run();
        Assert.Equal(0, run.Device.Matrix.Held.Bytes);
        return (run.Weights(), run.Device.Matrix.Held.Packs, Multiplying(run));
    }

    /// <summary>Weights that products have as a factor: all matrices but tables of positions, and of tokens where the head is another.</summary>
    private static int Multiplying(SmallLoop run) => run.Model.Parameters.Count(p => p.IsMatrix && !p.Name.Contains("wpe", StringComparison.Ordinal)
        && !p.Name.Contains("embed_tokens", StringComparison.Ordinal));
}
