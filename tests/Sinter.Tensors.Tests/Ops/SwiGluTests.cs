using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class SwiGluTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Equals_the_formula(int count) =>
        OpCheck.Run(x => Op.SwiGlu(x[0], x[1]), x => SwiGlu(x[0], x[1]), Operand.Scaled(1, 4, count), Operand.Random(2, count));

    [Fact]
    public void One_tensor_may_be_both() => OpCheck.Run(x => Op.SwiGlu(x[0], x[0]), x => SwiGlu(x[0], x[0]), Operand.Scaled(1, 4, 3, 21));

    internal static double[] SwiGlu(double[] gate, double[] up) => [.. gate.Select((g, i) => g / (1 + Math.Exp(-g)) * up[i])];
}
