using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Ops;

namespace Sinter.Tensors.Tests.Engine;

public sealed class TapeTests
{
    private static readonly BackwardFunction s_probe = ProbeBackward;
    private static long s_usedAtProbe;

    [Fact]
    public void Slices_and_reshapes_of_a_parameter_share_its_gradient() => OpCheck.Run(
        x => Op.Multiply(x[0].Slice(0, 2), x[0].Reshape(8, 3).Slice(4, 4).Reshape(2, 6)),
        x => [.. Enumerable.Range(0, 12).Select(i => x[0][i] * x[0][12 + i])], Operand.Random(1, 4, 6));

    [Fact]
    public void Slices_of_an_activation_share_its_gradient() => OpCheck.Run(
        x =>
        {
            var y = Op.Multiply(x[0], x[0]);
            return Op.Add(y.Slice(1, 2), Op.Scale(y.Reshape(24).Slice(0, 12).Reshape(2, 6), 3));
        },
        x => [.. Enumerable.Range(0, 12).Select(i => x[0][6 + i] * x[0][6 + i] + 3 * x[0][i] * x[0][i])], Operand.Random(1, 4, 6));

    [Fact]
    public void Branches_meet_and_residuals_add() => OpCheck.Run(
        x =>
        {
            var y = Op.Add(x[0], Op.Scale(x[0], 2));
            var z = Op.Add(y, Op.Gelu(y));
            return Op.Add(z, Op.Add(y, z));
        },
        x => [.. x[0].Select(v => 3 * v + 2 * (3 * v + Gelu(3 * v)))], Operand.Random(1, 3, 17));

    [Fact]
    public void Gradients_of_two_passes_add_until_they_are_zeroed()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2));
        x.Span.Fill(5);
        Pass(3);
        Pass(4);
        Assert.Equal([7f, 7], x.Grad.ToArray());
        x.ZeroGrad();
        Assert.False(x.HasGrad);
        Pass(2);
        Assert.Equal([2f, 2], x.Grad.ToArray());

        void Pass(float factor)
        {
            using var scope = device.Scope("pass");
            Op.Sum(Op.Scale(x, factor)).Backward();
        }
    }

    [Fact]
    public void The_memory_of_a_large_gradient_serves_others_until_the_next_one()
    {
        const int count = 1 << 20;
        using var device = new CpuDevice(2);
        var x = device.Parameter(new Shape(count));
        Pass(3);
        var gradient = x.Grad;
        Assert.Equal(3, gradient.Span[count - 1]);
        long reserved = device.Memory.ReservedBytes;
        x.ZeroGrad();
        Assert.False(x.HasGrad);
        Assert.Throws<InvalidOperationException>(() => gradient.Span.Length);
        using (device.Scope("other")) device.Empty(new Shape(count)).Span.Fill(float.NaN);
        for (int pass = 0; pass < 2; pass++) Pass(2);
        Assert.Equal((4f, 4f), (x.Grad.Span[0], x.Grad.Span[count - 1]));
        Assert.Equal(reserved, device.Memory.ReservedBytes);

        void Pass(float factor)
        {
            using var scope = device.Scope("pass");
            Op.Sum(Op.Scale(x, factor)).Backward();
        }
    }

    [Fact]
    public void Memory_falls_while_the_pass_walks_back()
    {
        const int layers = 20, bytes = 1 << 20;
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(bytes / sizeof(float)));
        using var scope = device.Scope("step");
        var y = device.Empty(x.Shape);
        device.Tape.Record(s_probe, y, x);
        for (int i = 0; i < layers; i++) y = Op.Gelu(y);
        var loss = Op.Sum(y);
        long before = device.Memory.UsedBytes;
        loss.Backward();
        // Twenty activations went back; the probe's output, its gradient and that of its input are there.
        Assert.InRange(s_usedAtProbe, 0, before - (layers - 3) * bytes);
    }

    [Fact]
    public void Nothing_is_recorded_without_need()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Parameter(new Shape(2)), constant = device.Zeros(new Shape(2));
        Op.Add(constant, constant);
        Assert.Equal(0, device.Tape.Count);
        using (device.Tape.Pause()) Assert.False(Op.Add(x, x).RequiresGrad);
        Assert.Equal(0, device.Tape.Count);
        Assert.True(device.Tape.IsRecording);
        Assert.True(Op.Add(x, constant).RequiresGrad);
        Assert.Equal(1, device.Tape.Count);
    }

    [Fact]
    public void A_loss_must_be_one_number_that_the_tape_holds()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2));
        using var scope = device.Scope("step");
        Assert.Contains("[backward]", Assert.Throws<InvalidOperationException>(() => Op.Scale(x, 2).Backward()).Message);
        Assert.Throws<InvalidOperationException>(() => Op.Sum(device.Zeros(new Shape(2))).Backward());
        Tensor first = Op.Sum(x), second = Op.Sum(Op.Scale(x, 2));
        first.Backward();
        Assert.Contains("empties", Assert.Throws<InvalidOperationException>(first.Backward).Message);
        Assert.ThrowsAny<InvalidOperationException>(second.Backward);
    }

    [Fact]
    public void Operations_beside_the_loss_change_nothing()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2));
        using var scope = device.Scope("step");
        var y = Op.Scale(x, 2);
        Op.Gelu(y);
        Op.Sum(y).Backward();
        Assert.Equal([2f, 2], x.Grad.ToArray());
    }

    [Fact]
    public void A_failure_inside_the_pass_leaves_the_tape_usable()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(1));
        using (device.Scope("step"))
        {
            var y = device.Empty(x.Shape);
            device.Tape.Record(s_failure, y, x);
            Assert.Throws<NotSupportedException>(() => Op.Sum(y).Backward());
        }
        Assert.True(device.Tape.IsRecording);
        x.ZeroGrad();
        using (device.Scope("next")) Op.Sum(x).Backward();
        Assert.Equal(1, x.Grad.Item);
    }

    private static readonly BackwardFunction s_failure = _ => throw new NotSupportedException("failure");

    private static void ProbeBackward(TapeEntry entry)
    {
        s_usedAtProbe = entry.OutputGrad.Device.Memory.UsedBytes;
        entry.Give(0);
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}
