using Sinter.Models;
using Sinter.Tensors;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Planning;

namespace Sinter.Tests.Training.Planning;

/// <summary>What is rehearsed is what the training loop then takes, to the byte; the process's part is checked in bench/plan and in the command's tests.</summary>
public sealed class MemoryPlannerTests
{
    [Theory]
    [InlineData("gpt2", "fp32", 1, false), InlineData("gpt2", "bf16", 3, false), InlineData("gpt2", "bf16", 1, true), InlineData("llama", "fp32", 2, true),
        InlineData("llama", "bf16", 1, false), InlineData("llama", "fp32", 1, false),
        InlineData("qwen3", "bf16", 1, false), InlineData("gemma2", "fp32", 2, false), InlineData("phi3", "bf16", 1, true)]
    public void A_run_takes_what_was_planned(string architecture, string precision, int accumulation, bool checkpoint)
    {
        var options = Options(precision, accumulation, checkpoint);
        using var run = new SmallLoop(SmallModels.Of(architecture, 0.1), options, precision: PrecisionNames.Of(precision));
        run.Run();
        var plan = new MemoryPlanner(run.Model.Config, options, process: 0).Plan(new StepBatch(5 * accumulation, 5)).Device;
        var memory = run.Device.Memory;
        Assert.Equal(memory.PeakBytes, plan.Total - plan.Workspace);
        Assert.Equal(run.Device.WorkspaceBytes, plan.Workspace);
        long weights = run.Model.ParameterCount * sizeof(float);
        Assert.Equal((weights, weights), (plan.Weights, plan.Gradients));
        Assert.InRange(plan.States, 2 * weights, 2 * weights + (64 << 10));   // AdamW's moments, and rotary tables
    }

    // Weights and activations of megabytes: gradients lie where activations were, micro-batches before the last hold both.
    [Theory]
    [InlineData("gpt2", "fp32", 1, false), InlineData("gpt2", "fp32", 2, false), InlineData("llama", "bf16", 1, true)]
    public void What_gradients_and_activations_share_is_planned(string architecture, string precision, int accumulation, bool checkpoint)
    {
        var options = Options(precision, accumulation, checkpoint);
        var model = SmallModels.Of(architecture, 0.1);
        (model.HiddenSize, model.IntermediateSize, model.ContextLength, model.NumLayers) = (320, 1280, 192, 5);
        using var run = new SmallLoop(model, options, precision: PrecisionNames.Of(precision));
        run.Run();
        var plan = new MemoryPlanner(run.Model.Config, options, process: 0).Plan(new StepBatch(5 * accumulation, 5)).Device;
        Assert.Equal(run.Device.Memory.PeakBytes, plan.Total - plan.Workspace);
        long weights = run.Model.ParameterCount * sizeof(float);
        Assert.Equal((weights, weights), (plan.Weights, plan.Gradients));
        Assert.True(plan.Temporary == 0 || plan.Shared == 0);
        if (accumulation == 1 && !checkpoint) Assert.InRange(plan.Shared, weights / 5, weights);
    }

    [Fact]
    public void Held_weights_are_planned()
    {
        var options = Options("bf16", 3, false);
        using var run = new SmallLoop(SmallModels.Of("gpt2"), options, precision: Precision.BFloat16);
        long held = 0;
        run.Device.Workers.BeforeTile = _ => held = Math.Max(held, run.Device.HeldBytes);
        run.Run();
        Assert.Equal(held, new MemoryPlanner(run.Model.Config, options, process: 0).Plan(new StepBatch(15, 5)).Held);
    }

    [Fact]
    public void Nothing_is_computed_and_no_page_written()
    {
        using var device = CpuDevice.Rehearsal(2);
        var config = Architectures.Configure(new ModelOptions { NumLayers = 2, NumHeads = 16, HiddenSize = 4096, ContextLength = 256 }, 50_000, null);
        long before = Environment.WorkingSet;
        var model = Architectures.Build(config, device);
        Assert.True(model.ParameterCount > 500_000_000, $"{model.ParameterCount}");
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200 << 20);   // two gigabytes of weights; other tests run beside this one
    }

    [Fact]
    public void The_largest_micro_batch_is_under_the_limit_and_the_next_one_is_not()
    {
        var planner = new MemoryPlanner(Config(), Options("fp32", 1, false), process: 1 << 20);
        long limit = planner.Plan(new StepBatch(40, 9)).Total;
        var largest = planner.Largest(40, limit)!.Value;
        Assert.InRange(largest.Total, 0, limit);
        Assert.Equal(40, largest.Batch.Sequences);
        int count = (40 + largest.Batch.MicroBatch - 1) / largest.Batch.MicroBatch;
        Assert.InRange(count, 1, 5);
        Assert.Equal((40 + count - 1) / count, largest.Batch.MicroBatch);   // as even as can be
        Assert.True(planner.Plan(new StepBatch(40, 40)).Total > limit);
    }

    [Fact]
    public void All_at_once_where_there_is_room_and_nothing_where_there_is_none()
    {
        var planner = new MemoryPlanner(Config(), Options("fp32", 1, false), process: 1 << 20);
        Assert.Equal(new StepBatch(40, 40), planner.Largest(40, 1L << 40)!.Value.Batch);
        Assert.Null(planner.Largest(40, 3 << 19));
        Assert.Null(planner.LargestAlone(1000, 3 << 19));
        long limit = planner.Plan(new StepBatch(13, 13)).Total;
        Assert.InRange(planner.LargestAlone(1000, limit)!.Value.Batch.MicroBatch, 13, 16);   // blocks are of sizes in steps of an eighth
    }

    [Theory]
    [InlineData("4GiB", 4L << 30), InlineData("1.5 MiB", 3 << 19), InlineData("900MB", 900_000_000L), InlineData("64KiB", 64 << 10), InlineData("12 b", 12)]
    public void Limits_in_bytes(string text, long bytes)
    {
        Assert.True(MemoryLimit.TryParse(text, out var limit));
        Assert.Equal(bytes, limit.Resolve());
    }

    [Fact]
    public void A_limit_as_a_share()
    {
        Assert.True(MemoryLimit.TryParse("50%", out var half));
        Assert.True(MemoryLimit.TryParse("100 %", out var all));
        Assert.Equal(0.5, half.Share);
        Assert.InRange((double)half.Resolve() / all.Resolve(), 0.4, 0.6);   // other tests take memory meanwhile
    }

    [Theory]
    [InlineData(""), InlineData(null), InlineData("4"), InlineData("GiB"), InlineData("-1GiB"), InlineData("0%"), InlineData("101%"), InlineData("0.1B"),
        InlineData("4 GiBs"), InlineData("1e3MB"), InlineData("99999999999999TiB")]
    public void What_is_no_limit(string? text) => Assert.False(MemoryLimit.TryParse(text, out _));

    private static ModelConfig Config() => Architectures.Configure(SmallModels.Of("gpt2"), 64, null);

    private static TrainingOptions Options(string precision, int accumulation, bool checkpoint)
    {
        var options = SmallLoop.Training(3, 5, accumulation);
        (options.Precision, options.Threads, options.ActivationCheckpointing) = (precision, 2, checkpoint);
        return options;
    }
}
