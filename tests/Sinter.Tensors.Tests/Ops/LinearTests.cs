using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class LinearTests
{
    public static TheoryData<int, int, int> Shapes() =>
        new() { { 1, 1, 1 }, { 3, 5, 2 }, { 6, 17, 15 }, { 13, 16, 33 }, { 5, 31, 16 }, { 7, 33, 9 } };

    [Theory, MemberData(nameof(Shapes))]
    public void Equals_the_formula_in_both_layouts(int rows, int inputs, int outputs)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
        {
            Operand x = Operand.Random(1, rows, inputs), w = layout == WeightLayout.InputsByOutputs ? Operand.Random(2, inputs, outputs)
                : Operand.Random(2, outputs, inputs);
            Operand b = Operand.Random(3, outputs), residual = Operand.Random(4, rows, outputs);
            OpCheck.Run(t => Op.Linear(t[0], t[1], layout: layout), d => Linear(d[0], d[1], null, null, inputs, outputs, layout), x, w);
            OpCheck.Run(t => Op.Linear(t[0], t[1], t[2], t[3], layout), d => Linear(d[0], d[1], d[2], d[3], inputs, outputs, layout), x, w, b,
                residual);
        }
    }

    [Fact]
    public void The_residual_may_be_the_input() =>
        OpCheck.Run(t => Op.Linear(t[0], t[1], residual: t[0]), d => Linear(d[0], d[1], null, d[0], 18, 18, WeightLayout.OutputsByInputs),
            Operand.Random(1, 2, 3, 18), Operand.Random(2, 18, 18));

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var device = new CpuDevice(1);
        var error = Assert.Throws<ArgumentException>(() => Op.Linear(device.Zeros(new Shape(2, 3)), device.Zeros(new Shape(5, 4))));
        Assert.Contains("[linear]", error.Message);
        Assert.Contains("[2, 3]", error.Message);
        Assert.Contains("[5, 4]", error.Message);
    }

    internal static double[] Linear(double[] x, double[] w, double[]? b, double[]? residual, int inputs, int outputs, WeightLayout layout)
    {
        double[] y = MatMulTests.Product(x, w, 1, x.Length / inputs, outputs, inputs, false, layout == WeightLayout.OutputsByInputs);
        return [.. y.Select((v, i) => v + (b?[i % outputs] ?? 0) + (residual?[i] ?? 0))];
    }
}
