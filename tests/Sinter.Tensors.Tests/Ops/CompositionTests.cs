using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class CompositionTests
{
    // Both sides round differently: twice the error of one.
    private const double Tolerance = 1e-5;

    public static TheoryData<int, int> Shapes() => new() { { 1, 1 }, { 3, 15 }, { 5, 16 }, { 7, 33 }, { 130, 65 }, { 20, 200 } };

    [Theory, MemberData(nameof(Shapes))]
    public void Norms(int rows, int columns)
    {
        Operand x = Operand.Random(1, rows, columns), w = Operand.Random(2, columns), b = Operand.Random(3, columns);
        OpCheck.Same(Tolerance, t => Op.LayerNorm(t[0], t[1], t[2], 1e-2f), t => Op.Compose.LayerNorm(t[0], t[1], t[2], 1e-2f), x, w, b);
        OpCheck.Same(Tolerance, t => Op.LayerNorm(t[0], t[1], epsilon: 1e-2f), t => Op.Compose.LayerNorm(t[0], t[1], epsilon: 1e-2f), x, w);
        OpCheck.Same(Tolerance, t => Op.RmsNorm(t[0], t[1], 1e-3f), t => Op.Compose.RmsNorm(t[0], t[1], 1e-3f), x, w);
        OpCheck.Same(Tolerance, t => Op.OffsetRmsNorm(t[0], t[1], 1e-3f), t => Op.Compose.OffsetRmsNorm(t[0], t[1], 1e-3f), x, w);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Linear_layers(int rows, int columns)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
        {
            Operand x = Operand.Random(1, rows, columns), w = layout == WeightLayout.InputsByOutputs ? Operand.Random(2, columns, 37)
                : Operand.Random(2, 37, columns);
            Operand b = Operand.Random(3, 37), residual = Operand.Random(4, rows, 37);
            OpCheck.Same(Tolerance, t => Op.Linear(t[0], t[1], t[2], t[3], layout), t => Op.Compose.Linear(t[0], t[1], t[2], t[3], layout), x, w, b,
                residual);
            OpCheck.Same(Tolerance, t => Op.Linear(t[0], t[1], layout: layout), t => Op.Compose.Linear(t[0], t[1], layout: layout), x, w);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Gated_units(int rows, int columns)
    {
        Operand gate = Operand.Scaled(1, 5, rows, columns), up = Operand.Random(2, rows, columns);
        OpCheck.Same(Tolerance, t => Op.SwiGlu(t[0], t[1]), t => Op.Compose.SwiGlu(t[0], t[1]), gate, up);
        OpCheck.Same(Tolerance, t => Op.GeGlu(t[0], t[1]), t => Op.Compose.GeGlu(t[0], t[1]), gate, up);
        OpCheck.Same(Tolerance, t => Op.SoftCap(t[0], 3), t => Op.Compose.SoftCap(t[0], 3), gate);
    }

    [Fact]
    public void Dropout_with_a_residual()
    {
        var key = new DropoutKey(1, 2, 3, 4);
        OpCheck.Same(0, t => Op.Dropout(t[0], 0.2f, key, t[1]), t => Op.Add(Op.Dropout(t[0], 0.2f, key), t[1]), Operand.Random(1, 3, 77),
            Operand.Random(2, 3, 77));
    }

    [Fact]
    public void Norms_of_many_rows_are_the_same_bits_for_any_number_of_threads() => OpCheck.Run(Tolerance,
        t => Op.LayerNorm(t[0], t[1], t[2]), d => NormTests.Norm(d[0], d[1], d[2], 1e-5, centered: true),
        Operand.Random(1, 3000, 3) with { WantsGrad = false }, Operand.Random(2, 3), Operand.Random(3, 3));
}
