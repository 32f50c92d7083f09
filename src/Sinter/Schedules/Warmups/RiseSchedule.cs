namespace Sinter.Schedules.Warmups;

/// <summary>A rise to a peak: with i = step − 1 updates done before, peak × shape(i ÷ steps).</summary>
/// <param name="peak">The learning rate at the end.</param>
/// <param name="steps">Steps until the end.</param>
/// <param name="shape">The share of the peak after a share of the steps.</param>
internal sealed class RiseSchedule(double peak, long steps, Func<double, double> shape) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => step > steps ? peak : peak * shape((double)Math.Max(0, step - 1) / steps);
}
