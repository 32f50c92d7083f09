using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class EmbeddingTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Picks_rows_and_adds_positions(int columns)
    {
        int[] ids = [3, 0, 6, 3, 3, 1];
        OpCheck.Run(x => Op.Embedding(x[0].Device.From(ids, 2, 3), x[0], x[1], 2), x => Pick(ids, 3, columns, x[0], x[1], 2),
            Operand.Random(1, 7, columns), Operand.Random(2, 6, columns));
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Each_token_may_have_a_place_of_its_own(int columns)
    {
        int[] ids = [3, 0, 6, 3, 3, 1], places = [0, 1, 0, 5, 1, 1];
        OpCheck.Run(x => Op.Embedding(x[0].Device.From(ids, 2, 3), x[0], x[1], x[0].Device.From(places, 2, 3)),
            x => [.. Pick(ids, 3, columns, x[0], null, 0).Zip(Pick(places, 3, columns, x[1], null, 0), (a, b) => a + b)],
            Operand.Random(1, 7, columns), Operand.Random(2, 6, columns));
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Gathers_rows(int columns)
    {
        int[] rows = [5, 0, 5, 2];
        OpCheck.Run(x => Op.GatherRows(x[0], x[0].Device.From(rows)), x => Pick(rows, 4, columns, x[0], null, 0), Operand.Random(1, 2, 3, columns));
    }

    // Rows are chosen among numbers that were made, whose gradient comes from elsewhere too.
    [Fact]
    public void Gathered_rows_add_to_the_gradient_of_the_others() =>
        OpCheck.Run(x => Op.Add(Op.GatherRows(Op.Scale(x[0], 2), x[0].Device.From([1, 1])), Op.Scale(x[0], 3)),
            x => [.. x[0].Select((v, i) => 3 * v + 2 * x[0][5 + i % 5])], Operand.Random(1, 2, 5));

    [Fact]
    public void Without_positions() =>
        OpCheck.Run(x => Op.Embedding(x[0].Device.From([4, 4, 0], 3), x[0]), x => Pick([4, 4, 0], 3, 18, x[0], null, 0), Operand.Random(1, 5, 18));

    [Fact]
    public void Many_tokens_of_a_large_vocabulary()
    {
        var random = new Random(5);
        int[] ids = [.. Enumerable.Range(0, 600).Select(_ => random.Next(3) == 0 ? 7 : random.Next(5000))];
        using var device = new CpuDevice(2);
        var table = device.Parameter(new Shape(5000, 33));
        double[] want = new double[5000 * 33];
        using (device.Scope("test"))
        {
            var y = Op.Embedding(device.From(ids, 600), table);
            OpCheck.WeightedSum(y).Backward();
        }
        // Σ r over the places of each id, with the loss's own weights.
        var weights = device.Parameter(new Shape(600, 33));
        using (device.Scope("weights")) OpCheck.WeightedSum(weights).Backward();
        for (int i = 0; i < ids.Length; i++)
            for (int c = 0; c < 33; c++) want[ids[i] * 33 + c] += weights.Grad.Span[i * 33 + c];
        OpCheck.Close(table.Grad.Span, want, 1e-6, "gradient");
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_named_with_its_place()
    {
        using var device = new CpuDevice(1);
        var table = device.Parameter(new Shape(10, 4));
        var error = Assert.Throws<ArgumentException>(() => Op.Embedding(device.From([1, 2, 3, 4, 10, 5], 2, 3), table));
        Assert.Contains("[embedding]", error.Message);
        Assert.Contains("10 at [1, 1]", error.Message);
        Assert.Contains("vocabulary of 10", error.Message);
        Assert.Throws<ArgumentException>(() => Op.Embedding(device.From([1, -2], 2), table));
        Assert.Contains("the place 4 at [1] of [2] is not in the positions of 4", Assert.Throws<ArgumentException>(() => Op.Embedding(device.From([1, 2], 2),
            table, device.Parameter(new Shape(4, 4)), device.From([0, 4], 2))).Message);
        Assert.Contains("one place for each token", Assert.Throws<ArgumentException>(() => Op.Embedding(device.From([1, 2], 2), table,
            device.Parameter(new Shape(4, 4)), device.From([0], 1))).Message);
        Assert.Contains("the row 10 at [0]", Assert.Throws<ArgumentException>(() => Op.GatherRows(table, device.From([10]))).Message);
        Assert.Contains("places", Assert.Throws<ArgumentException>(() => Op.Embedding(device.From([1, 2, 3], 3), table,
            device.Parameter(new Shape(4, 4)), 2)).Message);
    }

    internal static double[] Pick(int[] ids, int length, int columns, double[] table, double[]? positions, int first)
    {
        var y = new double[ids.Length * columns];
        for (int i = 0; i < ids.Length; i++)
            for (int c = 0; c < columns; c++)
                y[i * columns + c] = table[ids[i] * columns + c] + (positions?[(first + i % length) * columns + c] ?? 0);
        return y;
    }
}
