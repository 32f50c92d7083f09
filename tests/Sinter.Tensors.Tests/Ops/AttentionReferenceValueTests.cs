using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.References;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Attention and the head's loss against values that PyTorch agrees with.</summary>
public sealed class AttentionReferenceValueTests
{
    // float32 rounding of sums of twenty to a hundred terms; the references are doubles rounded to float32.
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData("attention", true), InlineData("attention_cache", true), InlineData("attention_full", false)]
    public void Attention_and_its_gradients(string name, bool causal)
    {
        var file = ReferenceFile.Ops;
        using var device = new CpuDevice(2);
        Tensor q = Load(device, name + ".q"), k = Load(device, name + ".k"), v = Load(device, name + ".v");
        var options = new AttentionOptions { NumHeads = 6, NumKvHeads = 2, HeadSize = 20, Causal = causal };
        using var scope = device.Scope("test");
        var y = Op.Attention(new(Flat(q)), new(Flat(k)), new(Flat(v)), options);
        OpCheck.Close(y.Span, file.Doubles(name + ".y"), Tolerance, "y");
        OpProbe.Backward(y, file.Floats(name + ".dy"));
        OpCheck.Close(q.Grad.Span, file.Doubles(name + ".dq"), Tolerance, "dq");
        OpCheck.Close(k.Grad.Span, file.Doubles(name + ".dk"), Tolerance, "dk");
        OpCheck.Close(v.Grad.Span, file.Doubles(name + ".dv"), Tolerance, "dv");
    }

    [Fact]
    public void Loss_of_the_head_and_its_gradients()
    {
        var file = ReferenceFile.Ops;
        using var device = new CpuDevice(2);
        Tensor x = Load(device, "head.x"), weight = Load(device, "head.weight");
        using var scope = device.Scope("test");
        var got = Op.LinearCrossEntropy(x, weight, device.From(file.Ints("head.targets")), new());
        got.Loss.Backward();
        OpCheck.Close(got.Loss.Span, file.Doubles("head.loss"), Tolerance, "loss");
        OpCheck.Close([(float)got.Sum], [file.Doubles("head.losses").Sum()], Tolerance, "sum");
        Assert.Equal(file.Ints("head.correct")[0], got.Correct);
        Assert.Equal(file.Ints("head.targets").Count(t => t != -100), got.Targets);
        OpCheck.Close(x.Grad.Span, file.Doubles("head.dx"), Tolerance, "dx");
        OpCheck.Close(weight.Grad.Span, file.Doubles("head.dweight"), Tolerance, "dweight");
    }

    private static Tensor Load(CpuDevice device, string name)
    {
        var tensor = device.Parameter(new Shape(ReferenceFile.Ops.Shape(name)));
        ReferenceFile.Ops.Floats(name).CopyTo(tensor.Span);
        return tensor;
    }

    private static Tensor Flat(Tensor x) => x.Reshape(x.Shape[0], x.Shape[1], x.Shape[2] * x.Shape[3]);
}
