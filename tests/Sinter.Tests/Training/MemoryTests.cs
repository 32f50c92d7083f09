using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Tensors;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>The character recipe's shape: what a step takes from the system and from the garbage collector once it runs.</summary>
public sealed class MemoryTests
{
    private const int Steps = 520, Warm = 20;

    private static readonly ModelOptions Shape = new() { NumLayers = 4, NumHeads = 4, HiddenSize = 128, ContextLength = 64, Bias = false };

    [Fact]
    public void After_twenty_steps_the_pool_asks_for_nothing_and_a_step_allocates_little()
    {
        using var folder = new Checkpoints.TempFolder("memory");
        var options = SmallLoop.Training(Steps, 12, 1);
        options.EvalEvery = 100;
        options.EvalTokens = 4096;
        using var run = new SmallLoop(Shape, options, threads: 2, Precision.Auto);
        using var files = RunFiles.Open(folder.Path, null);
        using var meter = new SinterMeter();
        ITrainingListener[] listeners = [files, meter, new ProgressListener(new Silent())];
        listeners[0].On(new RunStarted(folder.Path, "memory", "", run.Model.Config, 1, 1, 1, 0, Steps, 768, "fp32", "", 2));
        long requests = 0, live = 0, reserved = 0, before = 0, steps = 0, allocated = 0, worst = 0;
        run.Loop.Run(0, false, Hear, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(Steps - Warm, steps);
        Assert.Equal(requests, run.Device.Memory.SystemRequests);
        Assert.Equal(reserved, run.Device.Memory.ReservedBytes);
        Assert.Equal(live, run.Device.Memory.LiveBlocks);
        Assert.True(allocated / steps < 64 << 10, $"{allocated / steps} bytes a step");
        TestContext.Current.SendDiagnosticMessage(
            $"{allocated / steps} managed bytes a step on average, {worst} at most; {requests} requests to the system");

        void Hear(TrainingEvent e)
        {
            foreach (var listener in listeners) listener.On(e);
            if (e is not StepCompleted { Step: >= Warm } step) return;
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (step.Step == Warm) (requests, live, reserved) = (run.Device.Memory.SystemRequests, run.Device.Memory.LiveBlocks,
                run.Device.Memory.ReservedBytes);
            else
            {
                steps++;
                allocated += now - before;
                worst = Math.Max(worst, now - before);
            }
            before = now;
        }
    }

    // Blocks that are out and back: the parameters, their (small) gradients and moments stay, nothing else.
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void No_block_is_left_out(string architecture)
    {
        var options = SmallLoop.Training(6, 3, 2);
        options.EvalEvery = 2;
        using var run = new SmallLoop(SmallModels.Of(architecture, 0.1), options);
        long begun = run.Device.Memory.LiveBlocks;
        run.Loop.Run(0, false, _ => { }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(begun + run.Model.Parameters.Count, run.Device.Memory.LiveBlocks);   // their gradients
        Assert.Equal(0, run.Device.Tape.Count);
        Assert.Equal("device", run.Device.CurrentScope.Name);
    }

    [Fact]
    public void A_stopped_step_leaves_no_block()
    {
        using var run = new SmallLoop(SmallModels.Of("gpt2", 0.1), SmallLoop.Training(6, 3, 2));
        run.Loop.Run(0, false, _ => { }, _ => { }, TestContext.Current.CancellationToken);
        long before = run.Device.Memory.LiveBlocks;
        run.Model.Parameters[0].Value.Span.Fill(float.NaN);
        Assert.Throws<TrainingException>(() => run.Loop.Run(3, true, _ => { }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(before, run.Device.Memory.LiveBlocks);
        Assert.Equal(0, run.Device.Tape.Count);
        Assert.Equal("device", run.Device.CurrentScope.Name);
    }

    private sealed class Silent : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) { }
    }
}
