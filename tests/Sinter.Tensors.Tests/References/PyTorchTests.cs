using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Ops;

namespace Sinter.Tensors.Tests.References;

/// <summary>Values and gradients that ops.py computed in double and compared with PyTorch.</summary>
public sealed unsafe class PyTorchTests
{
    // The references are rounded to float32 once; the rest is our own rounding, as in the other tests of these operations.
    private const double Tolerance = 1e-5;
    private static readonly BackwardFunction s_given = GivenBackward;
    private readonly ReferenceFile _file = ReferenceFile.Ops;

    [Fact]
    public void Gelu() => Check("gelu", x => Op.Gelu(x[0]), "x");

    [Fact]
    public void LayerNorm() =>
        Check("layer_norm", x => Op.LayerNorm(x[0], x[1], x[2], (float)_file.Doubles("layer_norm.eps")[0]), "x", "weight", "bias");

    [Fact]
    public void RmsNorm() => Check("rms_norm", x => Op.RmsNorm(x[0], x[1], (float)_file.Doubles("rms_norm.eps")[0]), "x", "weight");

    [Fact]
    public void Softmax() => Check("softmax", x => Op.Softmax(x[0]), "x");

    [Fact]
    public void SwiGlu() => Check("swiglu", x => Op.SwiGlu(x[0], x[1]), "gate", "up");

    [Fact]
    public void Rotary() => Check("rotary", x => Turned(x[0], _file.Doubles("rotary.theta")[0], 0), "x");

    [Fact]
    public void Rotary_behind_a_cache() =>
        Check("rotary_start", x => Turned(x[0], _file.Doubles("rotary_start.theta")[0], _file.Ints("rotary_start.start")[0]), "x");

    [Fact]
    public void Gelu_of_extremes_element_by_element()
    {
        using var device = new CpuDevice(1);
        var x = Parameter(device, "gelu_extreme.x");
        using var scope = device.Scope("test");
        var y = Op.Gelu(x);
        float[] got = y.ToArray(), want = _file.Floats("gelu_extreme.y");
        Given(y, "gelu_extreme.dy").Backward();
        float[] slope = x.Grad.ToArray(), wantSlope = _file.Floats("gelu_extreme.dx");
        for (int i = 0; i < want.Length; i++)
        {
            Assert.True(Math.Abs(got[i] - want[i]) <= 1e-5 * Math.Abs(want[i]) + 1e-9, $"gelu({x.Span[i]:r}) is {got[i]:r}, not {want[i]:r}");
            Assert.True(Math.Abs(slope[i] - wantSlope[i]) <= 1e-5 * Math.Abs(wantSlope[i]) + 2e-6,
                $"gelu′({x.Span[i]:r}) is {slope[i]:r}, not {wantSlope[i]:r}");
        }
    }

    [Fact]
    public void CrossEntropy()
    {
        using var device = new CpuDevice(2);
        var logits = Parameter(device, "cross_entropy.logits");
        using var scope = device.Scope("test");
        var loss = Op.CrossEntropy(logits, device.From(_file.Ints("cross_entropy.targets")));
        loss.Backward();
        Assert.Equal(_file.Floats("cross_entropy.loss")[0], loss.Item, 1e-5);
        OpCheck.Close(logits.Grad.Span, _file.Doubles("cross_entropy.dlogits"), Tolerance, "dlogits");
    }

    private void Check(string name, Func<Tensor[], Tensor> op, params string[] inputs)
    {
        using var device = new CpuDevice(2);
        Tensor[] tensors = [.. inputs.Select(input => Parameter(device, $"{name}.{input}"))];
        using (device.Scope("warm-up")) op(tensors);
        using var scope = device.Scope("test");
        var y = op(tensors);
        OpCheck.Close(y.Span, _file.Doubles($"{name}.y"), Tolerance, $"{name}.y");
        Given(y, $"{name}.dy").Backward();
        for (int i = 0; i < inputs.Length; i++) OpCheck.Close(tensors[i].Grad.Span, _file.Doubles($"{name}.d{inputs[i]}"), Tolerance,
            $"{name}.d{inputs[i]}");
    }

    private static Tensor Turned(Tensor x, double theta, long first)
    {
        Shape s = x.Shape;
        return Op.Rotary(x.Reshape(s[0], s[1], s[2] * s[3]), new RotaryTable(x.Device, (int)s[3], theta), first);
    }

    /// <summary>A loss whose gradient for <paramref name="y"/> is the file's tensor.</summary>
    private Tensor Given(Tensor y, string name)
    {
        Tensor loss = y.Device.Zeros(new Shape(1)), dy = y.Device.From(_file.Floats(name));
        y.Device.Tape.Record(s_given, loss, y, dy);
        return loss;
    }

    private static void GivenBackward(TapeEntry entry)
    {
        var target = entry.GradTarget(0, out bool accumulate);
        Assert.False(accumulate);
        entry[1].Span.CopyTo(target.Span);
    }

    private Tensor Parameter(CpuDevice device, string name)
    {
        var tensor = device.Parameter(new Shape(_file.Shape(name)));
        _file.Floats(name).CopyTo(tensor.Span);
        return tensor;
    }
}
