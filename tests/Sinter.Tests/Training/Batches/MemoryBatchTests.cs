using System.Globalization;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Tensors.Memory;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Planning;

namespace Sinter.Tests.Training.Batches;

/// <summary>As many sequences at a time as the memory allows; where it turns out not to, fewer, and the step as if nothing had been.</summary>
public sealed class MemoryBatchTests
{
    private const int Size = 12, Steps = 5;

    [Theory]
    [InlineData("gpt2", false), InlineData("llama", true)]
    public void The_choice_is_under_the_limit_and_the_run_too(string architecture, bool checkpoint)
    {
        var options = Options("1GiB", checkpoint);
        long limit = Planned(architecture, options, 5);
        options.BatchSize = new MemoryBatchOptions { Size = Size, MemoryLimit = limit.ToString(CultureInfo.InvariantCulture) + "B" };
        using var run = new SmallLoop(SmallModels.Of(architecture), options).Run();
        Assert.InRange(MicroBatch(run), 1, 6);
        Assert.InRange(run.Device.Memory.PeakBytes + run.Device.WorkspaceBytes, 0, limit);
        Assert.Empty(run.Events.OfType<Warned>());
        Assert.Equal(Size * 18L * Steps, run.Events.OfType<StepCompleted>().Last().Tokens);
    }

    // The same sums of float32 in another order, as where a batch is cut by the recipe: see AccumulationTests.
    [Theory]
    [InlineData("gpt2", 0.1), InlineData("llama", 0.0)]
    public void A_step_that_has_no_room_is_done_again_with_less(string architecture, double dropout)
    {
        using var whole = new SmallLoop(SmallModels.Of(architecture, dropout), Options("1GiB", false)).Run();
        Assert.Equal(Size, MicroBatch(whole));
        using var run = new SmallLoop(SmallModels.Of(architecture, dropout), Options("1GiB", false));
        Assert.Equal(Size, MicroBatch(run));
        var least = new MemoryPlanner(run.Model.Config, Options("1GiB", false), process: 0).Plan(new StepBatch(Size, 3)).Device;
        run.Device.Memory.LimitBytes = least.Total - least.Workspace;
        run.Run();
        Assert.Equal(3, MicroBatch(run));
        Assert.Equal(["6", "3"], run.Events.OfType<Warned>().Select(w => w.Message.Split("with ")[1].Split(' ')[0]));
        Assert.Equal(Steps, run.Losses.Length);
        for (int i = 0; i < Steps; i++) Assert.Equal(whole.Losses[i], run.Losses[i], 1e-5 * whole.Losses[i]);
        Assert.InRange(run.Device.Memory.ReservedBytes, 0, run.Device.Memory.LimitBytes);
        Assert.Equal((0, true, "device"), (run.Device.Tape.Count, run.Device.Tape.IsRecording, run.Device.CurrentScope.Name));
    }

    [Fact]
    public void Where_nothing_is_left_to_halve_the_error_stands()
    {
        using var run = new SmallLoop(SmallModels.Of("gpt2"), Options("1GiB", false));
        run.Device.Memory.LimitBytes = run.Device.Memory.ReservedBytes + 1000;
        Assert.Throws<DeviceMemoryException>(() => run.Loop.Run(0, true, _ => { }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Null(run.Strategies.Batches.BackOff());
        run.Device.Memory.LimitBytes = long.MaxValue;
        Assert.Equal(Steps, run.Run().Losses.Length);   // what failed before left the device usable
    }

    [Fact]
    public void A_limit_that_nothing_fits_under_says_what_takes_how_much()
    {
        var error = Assert.Throws<SinterException>(() => new SmallLoop(SmallModels.Of("gpt2"), Options("100KiB", false)));
        foreach (string part in (string[])["memory_limit 100KiB", "one sequence at a time takes", "weights", "activation_checkpointing"]) Assert.Contains(part, error.Message);
    }

    [Fact]
    public void Another_limit_chooses_anew()
    {
        using var folder = new Checkpoints.TempFolder("state");
        var state = new StateWriter();
        new MemoryBatch(96, "1GiB", 7).Save(state.Section("it"));
        new TrainerState(3, 0, 0, "", "").Write(folder.Path, state);
        foreach (var (policy, expected) in new (MemoryBatch, int)[] { (new(96, "1GiB", 64), 7), (new(96, "2GiB", 64), 64), (new(64, "1GiB", 64), 64) })
        {
            using var read = TrainerState.Read(folder.Path).State;
            policy.Load(read.Section("it"));
            Assert.Equal(expected, policy.At(default).MicroBatch);
        }
    }

    private static int MicroBatch(SmallLoop run) => run.Strategies.Batches.At(new StepStart(1, 0, 0)).MicroBatch;

    private static long Planned(string architecture, TrainingOptions options, int rows)
    {
        using var model = new SmallLoop(SmallModels.Of(architecture), options);
        return new MemoryPlanner(model.Model.Config, options, process: 0).Plan(new StepBatch(Size, rows)).Total;
    }

    private static TrainingOptions Options(string limit, bool checkpoint)
    {
        var options = SmallLoop.Training(Steps, 1, 1);
        options.BatchSize = new MemoryBatchOptions { Size = Size, MemoryLimit = limit };
        (options.ActivationCheckpointing, options.Precision, options.Threads) = (checkpoint, "fp32", 2);
        return options;
    }
}
