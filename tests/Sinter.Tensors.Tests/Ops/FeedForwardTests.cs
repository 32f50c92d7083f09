using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class FeedForwardTests
{
    // Rounding of the composition's and of the operation's own float32 sums.
    private const double Composed = 1e-5;

    public static TheoryData<WeightLayout> Layouts => [WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs];

    public static MatrixTheoryData<WeightLayout, Activation> Cases() => new([WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs],
        [Activation.GeluTanh, Activation.Gelu, Activation.Relu]);

    [Theory, MemberData(nameof(Cases))]
    public void Equals_the_formula(WeightLayout layout, Activation activation)
    {
        foreach (var (rows, inputs, inner, outputs) in new[]
            { (1, 1, 1, 1), (3, 5, 17, 2), (5, 15, 33, 16), (6, 17, 15, 5), (13, 16, 33, 17), (5, 31, 16, 3), (7, 33, 9, 1) })
        {
            var t = Operands(layout, rows, inputs, inner, outputs);
            OpCheck.Run(p => Op.FeedForward(p[0], p[1], p[2], p[3], p[4], p[5], layout, activation),
                d => Formula(d[0], d[1], d[2], d[3], d[4], d[5]), t);
            OpCheck.Run(p => Op.FeedForward(p[0], p[1], p[2], p[3], p[4], default, layout, activation),
                d => Formula(d[0], d[1], d[2], d[3], d[4], null), t[..5]);
            OpCheck.Run(p => Op.FeedForward(p[0], p[1], default, p[2], default, default, layout, activation),
                d => Formula(d[0], d[1], null, d[2], null, null), t[0], t[1], t[3]);

            double[] Formula(double[] x, double[] up, double[]? upBias, double[] down, double[]? downBias, double[]? residual)
            {
                double[] after = [.. LinearTests.Linear(x, up, upBias, null, inputs, inner, layout).Select(v => ActivationReference.Value(activation, v))];
                return LinearTests.Linear(after, down, downBias, residual, inner, outputs, layout);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Equals_its_composition(WeightLayout layout, Activation activation)
    {
        foreach (var (rows, inputs, inner, outputs) in new[]
            { (5, 33, 70, 31), (130, 65, 37, 15), (20, 200, 37, 33), (97, 64, 130, 33), (13, 1100, 20, 7), (3, 9, 600, 5) })
        {
            var t = Operands(layout, rows, inputs, inner, outputs);
            OpCheck.Same(Composed, p => Op.FeedForward(p[0], p[1], p[2], p[3], p[4], p[5], layout, activation),
                p => Op.Compose.FeedForward(p[0], p[1], p[2], p[3], p[4], p[5], layout, activation), t);
            OpCheck.Same(Composed, p => Op.FeedForward(p[0], p[1], p[2], p[3], default, default, layout, activation),
                p => Op.Compose.FeedForward(p[0], p[1], p[2], p[3], default, default, layout, activation), t[..4]);
            OpCheck.Same(Composed, p => Op.FeedForward(p[0], p[1], default, p[2], p[3], p[4], layout, activation),
                p => Op.Compose.FeedForward(p[0], p[1], default, p[2], p[3], p[4], layout, activation), t[0], t[1], t[3], t[4], t[5]);
        }
    }

    [Fact]
    public void The_residual_may_be_the_input()
    {
        var t = Operands(WeightLayout.OutputsByInputs, 5, 18, 40, 18);
        OpCheck.Same(Composed, p => Op.FeedForward(p[0], p[1], p[2], p[3], p[4], p[0]),
            p => Op.Compose.FeedForward(p[0], p[1], p[2], p[3], p[4], p[0]), t[..5]);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Only_what_wants_a_gradient_gets_one(WeightLayout layout)
    {
        var t = Operands(layout, 5, 33, 70, 31);
        for (int only = 0; only < t.Length; only++)
        {
            Operand[] some = [.. t.Select((o, i) => o with { WantsGrad = i == only })];
            OpCheck.Same(Composed, p => Op.FeedForward(p[0], p[1], p[2], p[3], p[4], p[5], layout),
                p => Op.Compose.FeedForward(p[0], p[1], p[2], p[3], p[4], p[5], layout), some);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(2, 3)), up = device.Zeros(new Shape(7, 3)), down = device.Zeros(new Shape(4, 6));
        Assert.Contains("[4, 6]", Assert.Throws<ArgumentException>(() => Op.FeedForward(x, up, default, down, default)).Message);
        Assert.Contains("[4, 6]", Assert.Throws<ArgumentException>(() => Op.FeedForward(x, down, default, down, default)).Message);
    }

    /// <summary>x, W₁, b₁, W₂, b₂ and residual, of a size that keeps values about 1.</summary>
    internal static Operand[] Operands(WeightLayout layout, int rows, int inputs, int inner, int outputs)
    {
        Operand Weight(int seed, int from, int to) => layout == WeightLayout.InputsByOutputs ? Operand.Scaled(seed, 2 / MathF.Sqrt(from), from, to)
            : Operand.Scaled(seed, 2 / MathF.Sqrt(from), to, from);
        return [Operand.Random(1, rows, inputs), Weight(2, inputs, inner), Operand.Random(3, inner), Weight(4, inner, outputs),
            Operand.Random(5, outputs), Operand.Random(6, rows, outputs)];
    }
}
