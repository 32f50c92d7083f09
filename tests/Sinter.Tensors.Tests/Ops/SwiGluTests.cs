using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class SwiGluTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Equals_the_formula(int count) =>
        OpCheck.Run(x => Op.SwiGlu(x[0], x[1]), x => SwiGlu(x[0], x[1]), Operand.Scaled(1, 4, count), Operand.Random(2, count));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void With_gelu_it_equals_the_formula(int count) =>
        OpCheck.Run(x => Op.GeGlu(x[0], x[1]), x => GeGlu(x[0], x[1]), Operand.Scaled(1, 4, count), Operand.Random(2, count));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Both_may_be_halves_of_rows(int columns)
    {
        OpCheck.Run(x => Op.SwiGlu(x[0]), x => SwiGlu(Half(x[0], columns, 0), Half(x[0], columns, 1)), Operand.Scaled(1, 4, 3, 2, 2 * columns));
        OpCheck.Run(x => Op.GeGlu(x[0]), x => GeGlu(Half(x[0], columns, 0), Half(x[0], columns, 1)), Operand.Scaled(1, 4, 5, 2 * columns));
    }

    [Fact]
    public void One_tensor_may_be_both() => OpCheck.Run(x => Op.SwiGlu(x[0], x[0]), x => SwiGlu(x[0], x[0]), Operand.Scaled(1, 4, 3, 21));

    [Fact]
    public void Halves_are_the_bits_of_two_tensors()
    {
        using var device = new CpuDevice(2);
        var random = new Random(3);
        float[] both = [.. Enumerable.Range(0, 70 * 1030).Select(_ => random.NextSingle() * 6 - 3)];
        Tensor gate = device.From([.. Half(both, 515, 0)], 70, 515), up = device.From([.. Half(both, 515, 1)], 70, 515);
        Assert.Equal(Op.SwiGlu(gate, up).ToArray(), Op.SwiGlu(device.From(both, 70, 1030)).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var device = new CpuDevice(1);
        Tensor odd = device.Zeros(new Shape(2, 3)), even = device.Zeros(new Shape(2, 4));
        Assert.Contains("no two halves", Assert.Throws<ArgumentException>(() => { Op.SwiGlu(odd); }).Message);
        Assert.Contains("differ", Assert.Throws<ArgumentException>(() => { Op.GeGlu(odd, even); }).Message);
    }

    private static T[] Half<T>(T[] rows, int columns, int which) =>
        [.. rows.Chunk(2 * columns).SelectMany(row => row.Skip(which * columns).Take(columns))];

    internal static double[] SwiGlu(double[] gate, double[] up) => [.. gate.Select((g, i) => g / (1 + Math.Exp(-g)) * up[i])];

    private static double[] GeGlu(double[] gate, double[] up) =>
        [.. gate.Select((g, i) => 0.5 * g * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g))) * up[i])];
}
