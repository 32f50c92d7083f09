using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>Options of <see cref="PolynomialSchedule"/>.</summary>
public sealed class PolynomialOptions : DecayOptions
{
    /// <summary>The keys of <c>polynomial</c> in recipes.</summary>
    public static OptionsSchema<PolynomialOptions> Schema { get; } = OptionsSchema.Create<PolynomialOptions>(
        "A power of what is left of the run (PyTorch's PolynomialLR).", static b =>
    {
        DescribeDecay(b);
        b.Number("power", "The exponent; 1 is a straight line.", o => o.Power, (o, v) => o.Power = v, NumberRange.Positive);
    });

    /// <inheritdoc/>
    public override string Name => "polynomial";

    /// <summary>The exponent; 1, as in PyTorch, is a straight line.</summary>
    public double Power { get; set; } = 1;

    /// <inheritdoc/>
    protected override ISchedule Body(double peak, long steps, long warmup) => new PolynomialSchedule(peak, MinLearningRate, steps, Power);
}

/// <summary>
/// A power of what is left of the run: after i updates, floor + (1 − i/T)^p (α − floor). transformers' <c>get_polynomial_decay_schedule_with_warmup</c>
/// (whose floor is 10⁻⁷ by default) and, with no floor, PyTorch's <c>PolynomialLR(total_iters=T, power=p)</c>.
/// </summary>
/// <param name="peak">The learning rate of the first update, α.</param>
/// <param name="floor">The floor.</param>
/// <param name="steps">Updates until the floor, T.</param>
/// <param name="power">The exponent, p.</param>
public sealed class PolynomialSchedule(double peak, double floor, long steps, double power) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step)
    {
        long i = step - 1;
        return i >= steps ? floor : floor + Math.Pow(1 - (double)i / steps, power) * (peak - floor);
    }
}
