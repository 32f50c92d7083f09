namespace Sinter.Tensors.Tests.Engine;

public sealed class TensorTests
{
    [Fact]
    public void Shapes()
    {
        var shape = new Shape(2, 3, 4);
        Assert.Equal((3, 24L, 4L, 2L, 6L), (shape.Rank, shape.Count, shape[-1], shape[0], shape.Rows));
        Assert.Equal(new Shape(2, 3, 7), shape.WithLast(7));
        Assert.NotEqual(new Shape(2, 12), shape);
        Assert.Equal("[2, 3, 4]", shape.ToString());
        Assert.Equal((0, 1L, 1L), (new Shape().Rank, new Shape().Count, new Shape().Rows));
        Assert.Equal(0, new Shape(3, 0).Rows);
        Assert.Throws<ArgumentException>(() => new Shape(1, 2, 3, 4, 5));
        Assert.Throws<ArgumentException>(() => new Shape(1, -2));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[3]);
        Assert.Throws<OverflowException>(() => new Shape(long.MaxValue, 2));
    }

    [Fact]
    public void Slices_and_reshapes_are_handles_on_the_same_elements()
    {
        using var device = new CpuDevice(1);
        var x = device.From([0f, 1, 2, 3, 4, 5], 3, 2);
        var rows = x.Slice(1, 2);
        Assert.Equal([2f, 3, 4, 5], rows.ToArray());
        rows.Reshape(4).Span[3] = 9;
        Assert.Equal(9, x.Span[5]);
        Assert.Equal([4f, 9], rows.Slice(1, 1).ToArray());
        Assert.Equal(0, x.Slice(3, 0).Count);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var device = new CpuDevice(1);
        var x = device.From([0f, 1, 2, 3, 4, 5], 3, 2);
        Assert.Contains("[reshape]", Assert.Throws<ArgumentException>(() => x.Reshape(4)).Message);
        Assert.Contains("[slice]", Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(2, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(-1, 1));
        Assert.Throws<ArgumentException>(() => device.From([1f, 2], 3));
        Assert.Throws<InvalidOperationException>(() => x.Int32Span.Length);
        Assert.Throws<InvalidOperationException>(() => x.Item);
        Assert.Throws<InvalidOperationException>(() => x.Grad.Count);
        Assert.True(default(Tensor).IsNone);
    }
}
