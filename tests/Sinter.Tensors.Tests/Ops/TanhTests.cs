using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class TanhTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Equals_the_formula(int count) => OpCheck.Run(x => Op.Tanh(x[0]), x => Array.ConvertAll(x[0], Math.Tanh), Operand.Scaled(1, 4, count));
}
