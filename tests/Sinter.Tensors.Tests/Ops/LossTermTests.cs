using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.References;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Label smoothing and z-loss in the head's cross entropy.</summary>
public sealed class LossTermTests
{
    private const int Ignored = -100;

    // Around vectors and chunks; the last is GPT-2's. As in the tests of the cross entropy itself: sums of C products and V exponentials, each
    // rounded by 2^-24.
    [Theory]
    [InlineData(1, 7, 5, 96, 0.1f, 0.01f), InlineData(15, 33, 8, 10, 0.1f, 0f), InlineData(16, 5, 33, 1, 0f, 0.1f), InlineData(17, 97, 20, 32, 0.3f, 1e-4f),
        InlineData(65, 100, 17, 33, 0.9f, 0.5f), InlineData(130, 96, 64, 96, 0.1f, 1e-4f), InlineData(50257, 7, 8, 3, 0.1f, 1e-2f)]
    public void Equal_the_definition_and_the_composition(int vocabulary, int rows, int width, int chunk, float smoothing, float zLoss)
    {
        using var device = new CpuDevice(2);
        var random = new Random(vocabulary);
        Tensor x = device.Parameter(new Shape(rows, width)), weight = device.Parameter(new Shape(vocabulary, width));
        foreach (ref float v in x.Span) v = random.NextSingle() * 4 - 2;
        foreach (ref float v in weight.Span) v = random.NextSingle() * 2 - 1;
        int[] targets = [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? Ignored : random.Next(vocabulary))];
        foreach (long count in new long[] { 0, 1000 })
        {
            var want = new LinearCrossEntropyReference(x.ToArray(), weight.ToArray(), targets, Ignored, count, smoothing, zLoss);
            var options = new CrossEntropyOptions { TargetCount = count, LabelSmoothing = smoothing, ZLoss = zLoss };
            Check(want, count, () => Op.LinearCrossEntropy(x, weight, device.From(targets), options, chunk), x, weight, "fused");
            Check(want, count, () => Op.Compose.LinearCrossEntropy(x, weight, device.From(targets), options), x, weight, "composed");
        }
    }

    // Caps from below the logits, which are up to 2 · √width in size, to far above them.
    [Theory]
    [InlineData(1, 7, 5, 96, 0.1f, 0.01f, 1f), InlineData(15, 33, 8, 10, 0f, 0f, 2f), InlineData(16, 5, 33, 1, 0f, 0.1f, 30f),
        InlineData(33, 97, 20, 32, 0.3f, 1e-4f, 3f),
        InlineData(130, 96, 64, 96, 0f, 0f, 5f), InlineData(20001, 7, 8, 3, 0.1f, 1e-2f, 4f)]
    public void A_soft_cap_is_in_the_loss_and_its_gradients(int vocabulary, int rows, int width, int chunk, float smoothing, float zLoss, float cap)
    {
        using var device = new CpuDevice(2);
        var random = new Random(vocabulary);
        Tensor x = device.Parameter(new Shape(rows, width)), weight = device.Parameter(new Shape(vocabulary, width));
        foreach (ref float v in x.Span) v = random.NextSingle() * 4 - 2;
        foreach (ref float v in weight.Span) v = random.NextSingle() * 2 - 1;
        int[] targets = [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? Ignored : random.Next(vocabulary))];
        var want = new LinearCrossEntropyReference(x.ToArray(), weight.ToArray(), targets, Ignored, 0, smoothing, zLoss, cap);
        var options = new CrossEntropyOptions { LabelSmoothing = smoothing, ZLoss = zLoss, SoftCap = cap };
        Check(want, 0, () => Op.LinearCrossEntropy(x, weight, device.From(targets), options, chunk), x, weight, "fused");
        Check(want, 0, () => Op.Compose.LinearCrossEntropy(x, weight, device.From(targets), options), x, weight, "composed");
    }

    [Theory]
    [InlineData(1, 7, 5, 96, 0.1f, 0.01f), InlineData(3, 5, 33, 1, 0f, 0f), InlineData(15, 33, 8, 10, 0.1f, 0f), InlineData(17, 97, 20, 32, 0.3f, 1e-4f),
        InlineData(130, 96, 64, 96, 0f, 1e-2f)]
    public void A_bias_and_class_weights_equal_the_definition_and_the_composition(int vocabulary, int rows, int width, int chunk, float smoothing, float zLoss)
    {
        using var device = new CpuDevice(2);
        var random = new Random(vocabulary);
        Tensor x = Uniform(rows, width), weight = Uniform(vocabulary, width), bias = Uniform(vocabulary), classes = device.Zeros(new Shape(vocabulary));
        foreach (ref float v in classes.Span) v = random.NextSingle() * 3;
        int[] targets = [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? Ignored : random.Next(vocabulary))];
        foreach (var some in new[] { default, classes })
        {
            var options = new CrossEntropyOptions { TargetCount = 50, LabelSmoothing = smoothing, ZLoss = zLoss, ClassWeights = some };
            var want = new LinearCrossEntropyReference(x.ToArray(), weight.ToArray(), targets, Ignored, 50, smoothing, zLoss, 0, bias.ToArray(),
                some.IsNone ? null : some.ToArray());
            foreach (bool fused in new[] { true, false })
            {
                bias.ZeroGrad();
                Check(want, 50, () => fused ? Op.LinearCrossEntropy(x, weight, device.From(targets), options, chunk, bias)
                    : Op.Compose.LinearCrossEntropy(x, weight, device.From(targets), options, bias), x, weight, fused ? "fused" : "composed");
                Near([.. bias.Grad.ToArray().Select(g => (double)g)], want.DBias, "gradient of the bias");
            }
        }

        Tensor Uniform(params long[] extents)
        {
            var tensor = device.Parameter(new Shape(extents));
            foreach (ref float v in tensor.Span) v = random.NextSingle() * 2 - 1;
            return tensor;
        }
    }

    [Fact]
    public void Equal_PyTorch()
    {
        var file = ReferenceFile.Ops;
        using var device = new CpuDevice(2);
        Tensor x = Load("head_terms.x"), weight = Load("head_terms.weight");
        using var scope = device.Scope("test");
        var options = new CrossEntropyOptions
        {
            LabelSmoothing = (float)file.Doubles("head_terms.smoothing")[0], ZLoss = (float)file.Doubles("head_terms.z")[0],
        };
        var got = Op.LinearCrossEntropy(x, weight, device.From(file.Ints("head_terms.targets")), options);
        got.Loss.Backward();
        // The reference is rounded to float32 once; the rest is our own rounding.
        OpCheck.Close(got.Loss.Span, file.Doubles("head_terms.loss"), 1e-6, "loss");
        OpCheck.Close([(float)got.Sum], [file.Doubles("head_terms.losses").Sum()], 1e-6, "sum");
        OpCheck.Close([(float)got.ZLoss], file.Doubles("head_terms.z_sum"), 1e-6, "z-loss");
        OpCheck.Close(x.Grad.Span, file.Doubles("head_terms.dx"), 1e-5, "dx");
        OpCheck.Close(weight.Grad.Span, file.Doubles("head_terms.dweight"), 1e-5, "dweight");

        Tensor Load(string name)
        {
            var tensor = device.Parameter(new Shape(file.Shape(name)));
            file.Floats(name).CopyTo(tensor.Span);
            return tensor;
        }
    }

    // PyTorch's own smoothed cross entropy of logits: the head is the unit matrix.
    [Fact]
    public void Smoothing_equals_PyTorch_on_logits()
    {
        var file = ReferenceFile.Ops;
        using var device = new CpuDevice(1);
        Tensor logits = device.Parameter(new Shape(11, 67)), unit = device.Zeros(new Shape(67, 67));
        file.Floats("cross_entropy_smoothed.logits").CopyTo(logits.Span);
        for (int i = 0; i < 67; i++) unit.Span[i * 68] = 1;
        var got = Op.LinearCrossEntropy(logits, unit, device.From(file.Ints("cross_entropy_smoothed.targets")), new() { LabelSmoothing = 0.1f });
        got.Loss.Backward();
        OpCheck.Close(got.Loss.Span, file.Doubles("cross_entropy_smoothed.loss"), 1e-6, "loss");
        OpCheck.Close([(float)(got.Sum + got.Smoothing)], file.Doubles("cross_entropy_smoothed.loss_sum"), 1e-6, "sum");
        OpCheck.Close(logits.Grad.Span, file.Doubles("cross_entropy_smoothed.dlogits"), 1e-5, "dlogits");
    }

    [Fact]
    public void Same_bits_for_any_number_of_threads()
    {
        Assert.Equal(Bits(1), Bits(3));

        static float[] Bits(int threads)
        {
            using var device = new CpuDevice(threads);
            var random = new Random(1);
            Tensor x = device.Parameter(new Shape(150, 40)), weight = device.Parameter(new Shape(300, 40));
            foreach (ref float v in x.Span) v = random.NextSingle();
            foreach (ref float v in weight.Span) v = random.NextSingle();
            var targets = device.From([.. Enumerable.Range(0, 150)]);
            var got = Op.LinearCrossEntropy(x, weight, targets, new() { LabelSmoothing = 0.1f, ZLoss = 0.01f, SoftCap = 5 });
            got.Loss.Backward();
            return [got.Loss.Item, .. x.Grad.Span, .. weight.Grad.Span];
        }
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(1, 4)), weight = device.Zeros(new Shape(5, 4)), targets = device.From([0]);
        foreach (float wrong in new[] { -0.1f, 1f, float.NaN })
            Assert.Contains("label smoothing", Refused(new() { LabelSmoothing = wrong }), StringComparison.Ordinal);
        foreach (float wrong in new[] { -0.1f, float.PositiveInfinity, float.NaN })
            Assert.Contains("soft cap", Refused(new() { SoftCap = wrong }), StringComparison.Ordinal);
        foreach (float wrong in new[] { -0.1f, float.PositiveInfinity, float.NaN })
            Assert.Contains("z-loss", Refused(new() { ZLoss = wrong }), StringComparison.Ordinal);

        Assert.Contains("the class weights [4] are not [5]", Refused(new() { ClassWeights = device.Zeros(new Shape(4)) }));
        Assert.Contains("the bias [4] is not [5]",
            Assert.Throws<ArgumentException>(() => { Op.LinearCrossEntropy(x, weight, targets, new(), device.Zeros(new Shape(4))); }).Message);

        string Refused(CrossEntropyOptions options) =>
            Assert.Throws<ArgumentException>(() => { Op.LinearCrossEntropy(x, weight, targets, options); }).Message;
    }

    private static void Check(LinearCrossEntropyReference want, long count, Func<CrossEntropyResult> loss, Tensor x, Tensor weight, string what)
    {
        using var scope = x.Device.Scope("test");
        x.ZeroGrad();
        weight.ZeroGrad();
        var got = loss();
        got.Loss.Backward();
        double divisor = count > 0 ? count : Math.Max(1, want.Targets);
        Assert.Equal((want.Targets, want.Correct), (got.Targets, got.Correct));
        Near([got.Sum], [want.Sum], what + " sum");
        // A difference of two means of about log V: rounded as they are.
        Near([got.Sum + got.Smoothing], [want.Sum + want.Smoothing], what + " smoothed sum");
        Near([got.ZLoss], [want.ZLoss], what + " z-loss");
        Near([got.Loss.Item], [(want.Sum + want.Smoothing + want.ZLoss) / divisor], what + " loss");
        Near([.. x.Grad.ToArray().Select(g => (double)g)], want.DX, what + " gradient of x");
        Near([.. weight.Grad.ToArray().Select(g => (double)g)], want.DWeight, what + " gradient of the head");
    }

    private static void Near(double[] got, double[] want, string what)
    {
        double error = Math.Sqrt(got.Zip(want, (g, w) => (g - w) * (g - w)).Sum()), norm = Math.Sqrt(want.Sum(w => w * w));
        Assert.Equal(want.Length, got.Length);
        Assert.True(error <= 3e-6 * norm + 1e-7, $"{what} is {error:g3} off, ‖want‖ = {norm:g3}");
    }
}
