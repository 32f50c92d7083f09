using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Ops;

namespace Sinter.Tensors.Tests.Engine;

public sealed class DropTests
{
    // 1.05 MB: worth dropping.
    private const int Rows = 520, Columns = 505, Outputs = 3;

    public static TheoryData<bool> Norms => [true, false];

    [Theory, MemberData(nameof(Norms))]
    public void What_was_dropped_is_made_again_with_the_same_bits(bool layerNorm)
    {
        var (kept, keptBytes) = Gradients(layerNorm, drop: false);
        var (dropped, droppedBytes) = Gradients(layerNorm, drop: true);
        Assert.Equal(kept, dropped);
        Assert.Equal(MemoryBytes, keptBytes - droppedBytes);
    }

    [Fact]
    public void What_only_the_tape_could_make_again_is_there_when_it_is_kept()
    {
        using var device = new CpuDevice(2);
        var x = Parameter(device, 1, Rows, Columns);
        using var scope = device.Scope("step");
        var y = Op.LayerNorm(x, Parameter(device, 2, Columns));
        float[] values = y.ToArray();
        device.Tape.Drop(y);
        scope.Keep(y);
        Op.Sum(y).Backward();
        Assert.Equal(values, y.ToArray());
    }

    [Fact]
    public void A_scope_that_ends_takes_it_along()
    {
        using var device = new CpuDevice(2);
        Tensor x = Parameter(device, 1, Rows, Columns), weight = Parameter(device, 2, Columns), y;
        (long blocks, long bytes) = (device.Memory.LiveBlocks, device.Memory.UsedBytes);
        using (device.Scope("forward only"))
        {
            y = Op.LayerNorm(x, weight);
            device.Tape.Drop(y);
        }
        Assert.Equal((blocks, bytes), (device.Memory.LiveBlocks, device.Memory.UsedBytes));
        Assert.Contains("'forward only'", Assert.Throws<InvalidOperationException>(() => y.ToArray()).Message);
    }

    [Fact]
    public void Small_values_and_those_that_nothing_makes_again_stay()
    {
        using var device = new CpuDevice(2);
        Tensor x = Parameter(device, 1, Rows, Columns), small = Parameter(device, 2, 3, 5);
        using var scope = device.Scope("step");
        Tensor[] values = [Op.Gelu(x), Op.LayerNorm(small, Parameter(device, 3, 5)), Op.LayerNorm(x, Parameter(device, 4, Columns), type: DType.BFloat16)];
        long used = device.Memory.UsedBytes;
        foreach (var value in values) device.Tape.Drop(value);
        Assert.Equal(used, device.Memory.UsedBytes);
    }

    private static long MemoryBytes => (Rows * Columns * sizeof(float) + 63) / 64 * 64;

    private static (float[] Gradients, long Used) Gradients(bool layerNorm, bool drop)
    {
        using var device = new CpuDevice(2);
        Tensor x = Parameter(device, 1, Rows, Columns), scale = Parameter(device, 2, Columns), shift = Parameter(device, 3, Columns),
            weight = Parameter(device, 4, Outputs, Columns);
        using var scope = device.Scope("step");
        var y = layerNorm ? Op.LayerNorm(x, scale, shift, 1e-2f) : Op.RmsNorm(x, scale, 1e-2f);
        var loss = Op.Sum(Op.Gelu(Op.Linear(y, weight)));
        if (drop) device.Tape.Drop(y);
        long used = device.Memory.UsedBytes;
        loss.Backward();
        return ([.. new[] { x, scale, weight }.SelectMany(t => t.Grad.ToArray())], used);
    }

    private static Tensor Parameter(CpuDevice device, int seed, params ReadOnlySpan<long> extents)
    {
        var parameter = device.Parameter(new Shape(extents));
        Operand.Random(seed, [.. extents.ToArray().Select(e => (int)e)]).Values.CopyTo(parameter.Span);
        return parameter;
    }
}
