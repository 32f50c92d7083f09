using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class LowRankLinearTests
{
    private const float Scale = 1.5f;

    public static TheoryData<int, int, int, int> Shapes() => new() { { 1, 1, 1, 1 }, { 3, 5, 2, 7 }, { 6, 17, 15, 3 }, { 13, 16, 33, 8 }, { 5, 31, 16, 17 }, { 7, 33, 9, 2 } };

    [Theory, MemberData(nameof(Shapes))]
    public void Equals_the_formula_in_both_layouts(int rows, int inputs, int outputs, int rank)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
        {
            Operand[] all =
            [
                Operand.Random(1, rows, inputs), layout == WeightLayout.InputsByOutputs ? Operand.Random(2, inputs, outputs) : Operand.Random(2, outputs, inputs),
                Operand.Random(3, outputs), Operand.Random(4, rows, outputs), Operand.Random(5, rank, inputs), Operand.Random(6, outputs, rank),
                Operand.Random(7, rows, inputs), Operand.Random(8, outputs),
            ];
            double[] Want(double[][] d, double[] z, double[]? gain)
            {
                double[] change = LinearTests.Linear(LinearTests.Linear(z, d[4], null, null, inputs, rank, WeightLayout.OutputsByInputs), d[5], null, null, rank, outputs,
                    WeightLayout.OutputsByInputs);
                double[] y = LinearTests.Linear(d[0], d[1], null, null, inputs, outputs, layout);
                return [.. y.Select((v, i) => (v + Scale * change[i]) * (gain?[i % outputs] ?? 1) + d[2][i % outputs] + d[3][i])];
            }
            OpCheck.Run(t => Op.LowRankLinear(t[0], t[1], t[2], t[3], layout, new LowRankFactors(t[4], t[5], Scale)), d => Want(d, d[0], null), all[..6]);
            OpCheck.Run(t => Op.LowRankLinear(t[0], t[1], t[2], t[3], layout, new LowRankFactors(t[4], t[5], Scale) { Input = t[6] }), d => Want(d, d[6], null), all[..7]);
            OpCheck.Run(t => Op.LowRankLinear(t[0], t[1], t[2], t[3], layout, new LowRankFactors(t[4], t[5], Scale) { Input = t[6], Gain = t[7] }),
                d => Want(d, d[6], d[7]), all);
            OpCheck.Same(2e-6, t => Op.LowRankLinear(t[0], t[1], t[2], t[3], layout, new LowRankFactors(t[4], t[5], Scale) { Input = t[6], Gain = t[7] }),
                t => Op.Compose.LowRankLinear(t[0], t[1], t[2], t[3], layout, new LowRankFactors(t[4], t[5], Scale) { Input = t[6], Gain = t[7] }), all);
        }
    }

    /// <summary>A frozen weight gets no gradient, and the others theirs.</summary>
    [Fact]
    public void Only_the_factors_are_trained() => OpCheck.Run(t => Op.LowRankLinear(t[0], t[1], default, default, WeightLayout.InputsByOutputs, new LowRankFactors(t[2], t[3], 1)),
        d => [.. LinearTests.Linear(d[0], d[1], null, null, 18, 5, WeightLayout.InputsByOutputs).Zip(LinearTests.Linear(
            LinearTests.Linear(d[0], d[2], null, null, 18, 2, WeightLayout.OutputsByInputs), d[3], null, null, 2, 5, WeightLayout.OutputsByInputs), (a, b) => a + b)],
        Operand.Random(1, 2, 3, 18) with { WantsGrad = false }, Operand.Random(2, 18, 5) with { WantsGrad = false }, Operand.Random(3, 2, 18), Operand.Random(4, 5, 2));

    [Theory, MemberData(nameof(Shapes))]
    public void Inverse_norms_equal_the_formula(int rows, int inputs, int outputs, int rank)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
        {
            using var device = new CpuDevice(1 + rows % 3);
            bool turned = layout == WeightLayout.InputsByOutputs;
            Operand w = turned ? Operand.Random(2, inputs, outputs) : Operand.Random(2, outputs, inputs), a = Operand.Random(5, rank, inputs), b = Operand.Random(6, outputs, rank);
            var norms = device.Empty(new Shape(outputs));
            Op.LowRankInverseNorms(Of(w), layout, new LowRankFactors(Of(a), Of(b), Scale), norms);
            var want = new double[outputs];
            for (int o = 0; o < outputs; o++)
            {
                double sum = 0;
                for (int i = 0; i < inputs; i++)
                {
                    double v = w.Values[turned ? i * outputs + o : o * inputs + i];
                    for (int k = 0; k < rank; k++) v += Scale * b.Values[o * rank + k] * (double)a.Values[k * inputs + i];
                    sum += v * v;
                }
                want[o] = 1 / Math.Sqrt(sum);
            }
            OpCheck.Close(norms.Span, want, 1e-6, "inverse norms");   // a few roundings of 2⁻²⁴

            Tensor Of(Operand operand)
            {
                var tensor = device.Empty(operand.Shape);
                operand.Values.CopyTo(tensor.Span);
                return tensor;
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(2, 4)), w = device.Zeros(new Shape(3, 4));
        var error = Assert.Throws<ArgumentException>(() => Op.LowRankLinear(x, w, default, default, WeightLayout.OutputsByInputs,
            new LowRankFactors(device.Zeros(new Shape(2, 5)), device.Zeros(new Shape(3, 2)), 1)));
        Assert.Contains("[low_rank_linear]", error.Message);
        Assert.Contains("[2, 5]", error.Message);
        error = Assert.Throws<ArgumentException>(() => Op.LowRankLinear(x, w, default, default, WeightLayout.OutputsByInputs,
            new LowRankFactors(device.Zeros(new Shape(2, 4)), device.Zeros(new Shape(2, 3)), 1)));
        Assert.Contains("[2, 3]", error.Message);
    }

    /// <summary>Products in bfloat16 round each factor by 2⁻⁹ at most; sums are float32. Sums of many add these up as squares do.</summary>
    [Fact]
    public void In_bfloat16_within_its_rounding()
    {
        using CpuDevice exact = new(2), rounded = new(2, Precision.BFloat16);
        float[][] want = Evaluate(exact), got = Evaluate(rounded);
        for (int i = 0; i < want.Length; i++) OpCheck.Close(got[i], [.. want[i].Select(v => (double)v)], 6e-3, $"result {i}");

        static float[][] Evaluate(CpuDevice device)
        {
            Operand[] all = [Operand.Random(1, 37, 65), Operand.Random(2, 65, 33), Operand.Random(5, 8, 65), Operand.Random(6, 33, 8), Operand.Random(8, 33)];
            Tensor[] t = [.. all.Select(o => device.Parameter(o.Shape))];
            foreach (var (operand, tensor) in all.Zip(t)) operand.Values.CopyTo(tensor.Span);
            using var scope = device.Scope("check");
            var x = Op.LayerNorm(t[0], device.From(Enumerable.Repeat(1f, 65).ToArray()), type: device.OperandType);
            var z = Op.Dropout(x, 0.3f, new DropoutKey(1, 2, 3, 4));
            var y = Op.LowRankLinear(x, t[1], default, default, WeightLayout.InputsByOutputs, new LowRankFactors(t[2], t[3], 0.5f) { Input = z, Gain = t[4] });
            device.Tape.Drop(z);
            float[] value = y.ToArray();
            OpCheck.WeightedSum(y).Backward();
            return [value, .. t.Select(p => p.Grad.ToArray())];
        }
    }
}
