using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class SoftCapTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Equals_the_formula(int count) =>
        OpCheck.Run(x => Op.SoftCap(x[0], 2.5f), x => Array.ConvertAll(x[0], v => 2.5 * Math.Tanh(v / 2.5)), Operand.Scaled(1, 9, count));

    [Fact]
    public void A_cap_that_is_no_limit_is_refused()
    {
        using var device = new CpuDevice(1);
        foreach (float cap in new[] { 0, -1, float.NaN, float.PositiveInfinity })
            Assert.Contains("[soft_cap]", Assert.Throws<ArgumentException>(() => { Op.SoftCap(device.Zeros(new Shape(2)), cap); }).Message);
    }
}
