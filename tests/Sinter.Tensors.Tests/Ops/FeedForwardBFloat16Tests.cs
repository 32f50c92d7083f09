using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class FeedForwardBFloat16Tests
{
    // Against the same roundings in double: a sum that float32 puts on the other side of a midpoint is off by 2⁻⁷ of itself; one in some
    // thousands is, and as a rule none of these.
    private const double SameRoundings = 1e-4;
    // With the error function it is one of 858, and one of the larger ones.
    private const double OneAside = 5e-4;
    // Against no rounding: 2⁻⁹ · √(2/3) = 1.6e-3 in the mean for each of up to six roundings that a gradient passes, which add up as squares do
    // to 3.9e-3; half as much again for GELU's slope, which is up to 1.13 and makes more of an error in what was kept.
    private const double NoRoundings = 6e-3;

    // Odd everywhere; few rows, which held weights serve; and over the 1024 k of one pass in the first product, the second, and both.
    public static TheoryData<int, int, int, int> Shapes() => new()
    {
        { 1, 1, 1, 1 }, { 5, 33, 70, 31 }, { 13, 16, 33, 32 }, { 97, 65, 130, 35 }, { 5, 1100, 70, 31 }, { 29, 1101, 33, 17 }, { 7, 33, 1100, 31 },
            { 13, 40, 66, 1101 }, { 5, 1100, 1025, 33 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Value_and_gradients_are_those_of_the_rounded_formula(int rows, int inputs, int inner, int outputs)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
        {
            foreach (var activation in new[] { Activation.GeluTanh, Activation.Gelu, Activation.Relu })
            {
                var data = Data(layout, rows, inputs, inner, outputs);
                var got = Evaluate(data, layout, inputs, threads: 2, activation: activation);
                Near(got, new FeedForwardReference(data, inputs, inner, layout, rounds: true, activation), activation == Activation.Gelu ? OneAside : SameRoundings, data[6], $"{activation}, ");
                // A single number may be rounded by twice the mean, sums of many are not; and one near 0 may change sides, where ReLU's slope leaps.
                if (rows > 1 && activation != Activation.Relu)
                    Near(got, new FeedForwardReference(data, inputs, inner, layout, rounds: false, activation), NoRoundings, data[6], $"{activation} without roundings, ");
            }
        }
    }

    [Fact]
    public void Same_bits_for_any_number_of_threads_and_any_order_of_tiles()
    {
        var data = Data(WeightLayout.OutputsByInputs, 97, 1101, 130, 35);
        float[][] one = Evaluate(data, WeightLayout.OutputsByInputs, 1101, threads: 1);
        Assert.Equal(one, Evaluate(data, WeightLayout.OutputsByInputs, 1101, threads: 2));
        Assert.Equal(one, Evaluate(data, WeightLayout.OutputsByInputs, 1101, threads: 3, shake: true));
    }

    /// <summary>A frozen layer (no weight wants a gradient), a paused tape and held weights change no bit of what is still computed.</summary>
    [Fact]
    public void Frozen_paused_and_held_give_the_same_bits()
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
            foreach (int inputs in new[] { 33, 1100 })
            {
                var data = Data(layout, 5, inputs, 70, 31);
                float[][] want = Evaluate(data, layout, inputs, threads: 2), frozen = Evaluate(data, layout, inputs, threads: 2, frozen: true);
                Assert.Equal([want[0], want[1]], frozen[..2]);
                Assert.All(frozen[2..6], Assert.Empty);
                using var device = new CpuDevice(2, Precision.BFloat16);
                var t = Tensors(device, data, layout, inputs, frozen: false);
                using var paused = device.Tape.Pause();
                Assert.Equal(want[0], Forward(t, layout).ToArray());
                using var held = device.HoldWeights(1 << 30);
                for (int repeat = 0; repeat < 2; repeat++) Assert.Equal(want[0], Forward(t, layout).ToArray());
            }
    }

    [Fact]
    public void Factors_of_no_columns_leave_the_biases()
    {
        foreach (var precision in new[] { Precision.Float32, Precision.BFloat16 })
        {
            using var device = new CpuDevice(1, precision);
            float[] bias = [-0.5f, 0, 0.5f];
            var b = device.From(bias);
            double want = bias.Sum(v => PlainOpTests.Gelu(v));
            var y = Op.FeedForward(device.Zeros(new Shape(2, 0)), device.Zeros(new Shape(3, 0)), b, device.From([1f, 1, 1], 1, 3), default);
            OpCheck.Close(y.Span, [want, want], precision == Precision.BFloat16 ? NoRoundings : 1e-6, "gelu of the bias");
            var none = Op.FeedForward(device.Zeros(new Shape(2, 4)), device.Zeros(new Shape(0, 4)), default, device.Zeros(new Shape(3, 0)), b);
            Assert.Equal([.. bias, .. bias], none.ToArray());
            Assert.Equal([.. bias, .. bias], Op.Linear(device.Zeros(new Shape(2, 0)), device.Zeros(new Shape(3, 0)), b).ToArray());
        }
    }

    private static void Near(float[][] got, FeedForwardReference want, double tolerance, float[] dy, string what)
    {
        OpCheck.Close(got[0], want.Y, tolerance, what + "value");
        for (int i = 0; i < want.Gradients.Length; i++) OpCheck.Close(got[i + 1], want.Gradients[i], tolerance, $"{what}gradient {i}");
        Assert.Equal(dy, got[6]);
    }

    private static float[][] Data(WeightLayout layout, int rows, int inputs, int inner, int outputs) =>
        [.. FeedForwardTests.Operands(layout, rows, inputs, inner, outputs).Select(o => o.Values), Operand.Random(7, rows, outputs).Values];

    /// <summary>y, then the gradients of x, W₁, b₁, W₂, b₂ and of the residual; empty for those that want none.</summary>
    private static float[][] Evaluate(float[][] data, WeightLayout layout, int inputs, int threads, bool shake = false, bool frozen = false,
        Activation activation = Activation.GeluTanh)
    {
        using var device = new CpuDevice(threads, Precision.BFloat16);
        if (shake) device.Workers.BeforeTile = tile => Thread.SpinWait(tile * 37 % 11 * 40);
        var t = Tensors(device, data, layout, inputs, frozen);
        var y = Forward(t, layout, activation);
        float[] value = y.ToArray();
        OpProbe.Backward(y, data[6]);
        return [value, .. t.Select(p => p.HasGrad ? p.Grad.ToArray() : [])];
    }

    private static Tensor Forward(Tensor[] t, WeightLayout layout, Activation activation = Activation.GeluTanh) =>
        Op.FeedForward(t[0], t[1], t[2], t[3], t[4], t[5], layout, activation);

    private static Tensor[] Tensors(CpuDevice device, float[][] data, WeightLayout layout, int inputs, bool frozen)
    {
        int rows = data[0].Length / inputs, inner = data[2].Length, outputs = data[4].Length;
        bool turned = layout == WeightLayout.OutputsByInputs;
        Shape[] shapes = [new(rows, inputs), turned ? new(inner, inputs) : new(inputs, inner), new(inner),
            turned ? new(outputs, inner) : new(inner, outputs), new(outputs), new(rows, outputs)];
        var t = new Tensor[shapes.Length];
        for (int i = 0; i < t.Length; i++)
        {
            t[i] = device.Parameter(shapes[i], requiresGrad: !frozen || i is 0 or 5);
            data[i].CopyTo(t[i].Span);
        }
        return t;
    }
}
