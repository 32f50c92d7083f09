using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="MultiStepSchedule"/>.</summary>
public sealed class MultiStepOptions : ScheduleOptions
{
    /// <summary>The keys of <c>multi_step</c> in recipes.</summary>
    public static OptionsSchema<MultiStepOptions> Schema { get; } = OptionsSchema.Create<MultiStepOptions>(
        "Falls by a factor at each milestone (PyTorch's MultiStepLR).", static b =>
    {
        Describe(b);
        b.Integers("milestones", "Steps after which the rate falls, counted from the end of the warm-up; none is half and three quarters of the run.",
            o => o.Milestones, (o, v) => o.Milestones = v, 1);
        b.Number("gamma", "The factor of each fall.", o => o.Gamma, (o, v) => o.Gamma = v, NumberRange.Positive);
    });

    /// <inheritdoc/>
    public override string Name => "multi_step";

    /// <summary>Steps after which the rate falls, counted from the end of the warm-up; none is half and three quarters of the run, as in section 4.2 of
    /// He et al. (2016).</summary>
    public IReadOnlyList<long> Milestones { get; set; } = [];

    /// <summary>The factor of each fall; PyTorch's 0.1.</summary>
    public double Gamma { get; set; } = 0.1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) =>
        new MultiStepSchedule(peak, Gamma, Milestones.Count > 0 ? Milestones : [steps / 2, steps - steps / 4]);
}

/// <summary>
/// Falls by a factor at each milestone: after i updates, α γ^n where n milestones are at most i; PyTorch's <c>MultiStepLR(milestones, gamma=γ)</c>. A
/// milestone given twice counts twice.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="gamma">The factor, γ.</param>
/// <param name="milestones">Updates before each fall, in any order.</param>
public sealed class MultiStepSchedule(double peak, double gamma, IReadOnlyList<long> milestones) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => peak * Math.Pow(gamma, milestones.Count(m => m < step));
}
