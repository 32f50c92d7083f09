using Sinter.Optimizers;
using Sinter.Schedules;

namespace Sinter.Tests.Training;

/// <summary>The loop hands the schedule's momentum to the optimizer.</summary>
public sealed class CycledMomentumTests
{
    [Fact]
    public void The_schedules_momentum_stands_in_place_of_the_optimizers_own()
    {
        var own = Weights(0.5, new OneCycleOptions());
        Assert.Equal(own, Weights(0.9, new OneCycleOptions { CycleMomentum = true, Momentum = (0.5, 0.5) }));
        Assert.NotEqual(own, Weights(0.5, new OneCycleOptions { CycleMomentum = true, Momentum = (0.5, 0.95) }));
    }

    private static float[] Weights(double momentum, ScheduleOptions schedule)
    {
        var options = SmallLoop.Training(4, 2, 1);
        (options.Optimizer, options.Schedule) = (new SgdOptions { LearningRate = 0.1, Momentum = momentum }, schedule);
        using var run = new SmallLoop(SmallModels.Of("gpt2"), options).Run();
        return run.Weights();
    }
}
