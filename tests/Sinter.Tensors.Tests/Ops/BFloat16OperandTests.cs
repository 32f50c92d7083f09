using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Kernels;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Tensors of bfloat16 between operations: the same bits as float32 tensors of the same values, where products round anyway.</summary>
public sealed unsafe class BFloat16OperandTests
{
    [Theory]
    [InlineData(1, 1), InlineData(3, 15), InlineData(5, 16), InlineData(7, 33), InlineData(130, 65), InlineData(9, 768)]
    public void Norms_give_their_result_rounded(int rows, int columns)
    {
        using var device = new CpuDevice(3, Precision.BFloat16);
        Tensor x = device.From(BFloat16Numbers.Random(1, rows * columns), rows, columns), weight = device.From(BFloat16Numbers.Random(2, columns)),
            bias = device.From(BFloat16Numbers.Random(3, columns));
        Same(Op.LayerNorm(x, weight, bias), Op.LayerNorm(x, weight, bias, type: DType.BFloat16));
        Same(Op.LayerNorm(x, weight), Op.LayerNorm(x, weight, type: DType.BFloat16));
        Same(Op.RmsNorm(x, weight), Op.RmsNorm(x, weight, type: DType.BFloat16));
        Same(Op.OffsetRmsNorm(x, weight), Op.OffsetRmsNorm(x, weight, type: DType.BFloat16));

        static void Same(Tensor want, Tensor got)
        {
            Assert.Equal((want.Shape, DType.BFloat16), (got.Shape, got.DType));
            Assert.Equal(Array.ConvertAll(want.ToArray(), BFloat16Numbers.Bits), new ReadOnlySpan<ushort>(got.Pointer, (int)got.Count).ToArray());
        }
    }

    /// <summary>The norm's own gradients, through a linear layer, are those of the float32 result.</summary>
    [Fact]
    public void A_norm_before_a_linear_layer_has_the_same_gradients_in_either_type()
    {
        Assert.Equal(Gradients(DType.Float32), Gradients(DType.BFloat16));

        static float[] Gradients(DType type)
        {
            using var device = new CpuDevice(2, Precision.BFloat16);
            Tensor x = Parameter(device, 1, 13, 33), scale = Parameter(device, 2, 33), weight = Parameter(device, 3, 31, 33);
            var y = Op.Linear(Op.LayerNorm(x, scale, type: type), weight);
            float[] value = y.ToArray();
            OpProbe.Backward(y, BFloat16Numbers.Random(4, 13 * 31));
            return [.. value, .. x.Grad.Span, .. scale.Grad.Span, .. weight.Grad.Span];
        }
    }

    // Odd everywhere; few rows; over the 1024 k of one pass, of the value and of the weight's gradient.
    [Theory]
    [InlineData(1, 1, 1), InlineData(5, 33, 31), InlineData(13, 16, 32), InlineData(97, 65, 35), InlineData(29, 1101, 17), InlineData(1101, 33, 15)]
    [InlineData(12, 512, 33), InlineData(40, 2048, 5)]
    public void Linear_takes_it(int rows, int inputs, int outputs)
    {
        foreach (var layout in new[] { WeightLayout.InputsByOutputs, WeightLayout.OutputsByInputs })
            Assert.Equal(Linear(DType.Float32, layout, rows, inputs, outputs), Linear(DType.BFloat16, layout, rows, inputs, outputs));
    }

    [Theory]
    [InlineData(1, 7, 5, 96), InlineData(17, 97, 21, 32), InlineData(65, 100, 17, 33), InlineData(1101, 13, 33, 96), InlineData(30, 9, 1101, 4)]
    public void Linear_cross_entropy_takes_it(int vocabulary, int rows, int width, int chunk) =>
        Assert.Equal(Head(DType.Float32, vocabulary, rows, width, chunk), Head(DType.BFloat16, vocabulary, rows, width, chunk));

    [Fact]
    public void Products_in_float32_refuse_it_and_say_so()
    {
        using var device = new CpuDevice(1, Precision.Float32);
        Tensor x = device.Zeros(new Shape(5, 4), DType.BFloat16), weight = device.Zeros(new Shape(3, 4));
        foreach (var call in new Action[] { () => Op.Linear(x, weight), () => Op.Linear(x.Slice(0, 1), weight),
            () => Op.FeedForward(x, weight, default, device.Zeros(new Shape(4, 3)), default),
            () => Op.LinearCrossEntropy(x, weight, device.From([0, 1, 2, 0, 1]), default(CrossEntropyOptions)) })
        {
            string message = Assert.Throws<InvalidOperationException>(call).Message;
            Assert.Contains("bfloat16", message);
            Assert.Contains("float32", message);
        }
        Assert.Contains("[gelu]", Assert.Throws<InvalidOperationException>(() => Op.Gelu(x)).Message);
    }

    private static float[] Linear(DType type, WeightLayout layout, int rows, int inputs, int outputs)
    {
        using var device = new CpuDevice(3, Precision.BFloat16);
        Tensor x = Exact(device, type, rows, inputs), b = Parameter(device, 3, outputs);
        var w = layout == WeightLayout.InputsByOutputs ? Parameter(device, 2, inputs, outputs) : Parameter(device, 2, outputs, inputs);
        var y = Op.Linear(x, w, b, layout: layout);
        float[] value = y.ToArray();
        OpProbe.Backward(y, BFloat16Numbers.Random(4, rows * outputs));
        return [.. value, .. x.Grad.Span, .. w.Grad.Span, .. b.Grad.Span];
    }

    private static float[] Head(DType type, int vocabulary, int rows, int width, int chunk)
    {
        using var device = new CpuDevice(2, Precision.BFloat16);
        Tensor x = Exact(device, type, rows, width), weight = Parameter(device, 2, vocabulary, width);
        int[] targets = [.. Enumerable.Range(0, rows).Select(i => i * 31 % vocabulary)];
        var loss = Op.LinearCrossEntropy(x, weight, device.From(targets), default, chunk).Loss;
        float value = loss.Item;
        loss.Backward();
        return [value, .. x.Grad.Span, .. weight.Grad.Span];
    }

    private static Tensor Exact(CpuDevice device, DType type, int rows, int columns)
    {
        float[] values = BFloat16Numbers.Exact(1, rows * columns);
        var x = device.Empty(new Shape(rows, columns), type);
        if (type == DType.Float32) values.CopyTo(x.Span);
        else Array.ConvertAll(values, BFloat16Numbers.Bits).CopyTo(new Span<ushort>(x.Pointer, values.Length));
        return x.WithGrad();
    }

    private static Tensor Parameter(CpuDevice device, int seed, params long[] extents)
    {
        var parameter = device.Parameter(new Shape(extents));
        BFloat16Numbers.Random(seed, (int)parameter.Count).CopyTo(parameter.Span);
        return parameter;
    }
}
