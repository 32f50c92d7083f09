using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class ElementLossTests
{
    public static MatrixTheoryData<ElementLossKind, bool, bool> Cases() => new([.. Enum.GetValues<ElementLossKind>()], [false, true], [false, true]);

    [Theory, MemberData(nameof(Cases))]
    public void Equals_the_definition(ElementLossKind kind, bool isSum, bool weighted)
    {
        foreach (var (rows, columns) in new[] { (1, 1), (3, 1), (5, 17), (33, 3) })
        {
            var x = Operand.Scaled(rows, 3, rows, columns);
            double[] weights = [.. Enumerable.Range(0, columns).Select(c => weighted ? 0.5 + c % 3 : 1)];
            var (y, batch) = (Values(kind, x), 40);
            double divisor = isSum ? 1 : batch * columns;
            OpCheck.Run(t => Op.ElementLoss(t[0], t[0].Device.From(y, rows, columns), new()
            {
                Kind = kind, IsSum = isSum, Delta = 0.7f, RowCount = batch,
                Weights = weighted ? t[0].Device.From([.. weights.Select(w => (float)w)]) : default,
            }).Loss, d => [d[0].Select((v, i) => weights[i % columns] * Distance(kind, v, y[i])).Sum() / divisor], x);
        }
    }

    [Fact]
    public void Counts_rows_and_those_whose_labels_are_all_right()
    {
        using var device = new CpuDevice(1);
        Tensor logits = device.From([1f, -2, 3, 4, -1, 1], 3, 2), labels = device.From([1f, 0, 1, 0, 0, 1], 3, 2);
        var got = Op.ElementLoss(logits, labels, new() { Kind = ElementLossKind.BinaryCrossEntropy });
        Assert.Equal((3, 2), (got.Targets, got.Correct));
        Assert.Equal(got.Loss.Item, got.Sum / got.Targets, 1e-6);
        var sum = Op.ElementLoss(logits, labels, new() { IsSum = true });
        Assert.Equal((3, 0), (sum.Targets, sum.Correct));
        Assert.Equal(sum.Loss.Item, sum.Sum, 1e-5);
    }

    // Nothing overflows, and NaN is not hidden.
    [Fact]
    public void Extremes()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(1, 4));
        new float[] { 1e30f, -1e30f, 200, -200 }.CopyTo(x.Span);
        var loss = Op.ElementLoss(x, device.From([1f, 0, 0, 1], 1, 4), new() { Kind = ElementLossKind.BinaryCrossEntropy, IsSum = true }).Loss;
        loss.Backward();
        Assert.Equal([0, 0, 1, -1], x.Grad.ToArray());
        Assert.Equal(400, loss.Item);
        foreach (var kind in Enum.GetValues<ElementLossKind>())
            Assert.True(float.IsNaN(Op.ElementLoss(device.From([float.NaN], 1, 1), device.From([1f], 1, 1), new() { Kind = kind }).Loss.Item));
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(2, 3));
        Assert.Contains("[2, 3] and values [3, 2]", Refused(device.Zeros(new Shape(3, 2)), new()));
        Assert.Contains("delta", Refused(x, new() { Delta = 0 }));
        Assert.Contains("negative", Refused(x, new() { RowCount = -1 }));
        Assert.Contains("the weights [2] are not [3]", Refused(x, new() { Weights = device.Zeros(new Shape(2)) }));

        string Refused(Tensor values, ElementLossOptions options) =>
            Assert.Throws<ArgumentException>(() => { Op.ElementLoss(x, values, options); }).Message;
    }

    /// <summary>Numbers that no prediction meets, nor at Huber's δ, within the differences' step; labels for the cross entropy.</summary>
    private static float[] Values(ElementLossKind kind, Operand x) => [.. x.Values.Select((v, i) => kind == ElementLossKind.BinaryCrossEntropy
        ? i % 3 / 2f : v + new[] { 0.1f, -0.5f, 0.9f, -2 }[i % 4])];

    private static double Distance(ElementLossKind kind, double x, double y) => kind switch
    {
        ElementLossKind.SquaredError => (x - y) * (x - y),
        ElementLossKind.AbsoluteError => Math.Abs(x - y),
        ElementLossKind.Huber => Math.Abs(x - y) <= 0.7 ? (x - y) * (x - y) / 2 : 0.7 * (Math.Abs(x - y) - 0.35),
        _ => -y * Math.Log(1 / (1 + Math.Exp(-x))) - (1 - y) * Math.Log(1 / (1 + Math.Exp(x))),
    };
}
