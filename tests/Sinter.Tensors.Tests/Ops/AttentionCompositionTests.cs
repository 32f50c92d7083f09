using Sinter.Tensors.Ops;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

public sealed class AttentionCompositionTests
{
    // Both sides round differently: twice the error of one, of scores that reach 6.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1, 1, 2, 2, 8), InlineData(17, 17, 4, 2, 20), InlineData(100, 100, 3, 1, 10), InlineData(7, 120, 4, 4, 16),
        InlineData(120, 7, 2, 2, 5)]
    public void Equals_the_fused_kernel(int queries, int keys, int heads, int kvHeads, int size)
    {
        Operand q = Operand.Scaled(1, 2, 2, queries, heads * size), k = Operand.Scaled(2, 2, 2, keys, kvHeads * size),
            v = Operand.Random(3, 2, keys, kvHeads * size);
        foreach (var options in new[] { Heads(heads, size, kvHeads), Heads(heads, size, kvHeads, false),
            Heads(heads, size, kvHeads) with { Window = 9, SoftCap = 3, Scale = 0.4f } })
            foreach (bool segmented in new[] { false, true })
            {
                AttentionExtras Extras(Tensor t) => !segmented ? default : new(Segments(t, keys), Segments(t, queries));
                OpCheck.Same(Tolerance, t => Op.Attention(new(t[0]), new(t[1]), new(t[2]), options, Extras(t[0])),
                    t => Op.Compose.Attention(new(t[0]), new(t[1]), new(t[2]), options, Extras(t[0])), q, k, v);
            }
        static Tensor Segments(Tensor t, int count) => t.Device.From([.. Enumerable.Range(0, 2 * count).Select(i => i / 11 % 3)], 2, count);
    }

    [Fact]
    public void Equals_the_fused_kernel_on_one_projection() => OpCheck.Same(Tolerance,
        t => Op.Attention(new(t[0]), new(t[0], 40), new(t[0], 60), Heads(4, 10, 2)),
        t => Op.Compose.Attention(new(t[0]), new(t[0], 40), new(t[0], 60), Heads(4, 10, 2)), Operand.Scaled(1, 2, 2, 33, 80));

    [Fact]
    public void Equals_the_fused_kernel_on_a_cache_with_room() => OpCheck.Same(Tolerance,
        t => Op.Attention(new(t[0]), new(t[1]), new(t[2]), Heads(4, 10, 2) with { KeyLength = 21 }),
        t => Op.Compose.Attention(new(t[0]), new(t[1]), new(t[2]), Heads(4, 10, 2) with { KeyLength = 21 }),
        Operand.Scaled(1, 2, 2, 6, 40), Operand.Scaled(2, 2, 2, 30, 20), Operand.Random(3, 2, 30, 20));

    [Theory]
    [InlineData(1, 1), InlineData(9, 9), InlineData(33, 70)]
    public void A_bias_and_its_gradient(int queries, int keys)
    {
        var test = new AttentionCase(2, queries, keys, Heads(4, 10, 2) with { SoftCap = 4 });
        Operand bias = Operand.Scaled(9, 2, 4, queries, keys);
        var want = test.Reference();
        var gradient = new double[bias.Values.Length];
        want.Bias = (h, t, s) => bias.Values[(h * queries + t) * keys + s];
        want.BiasGradient = (h, t, s, ds) => gradient[(h * queries + t) * keys + s] += ds;
        want.Run(test.DY);

        using var device = new CpuDevice(2);
        Tensor Parameter(float[] values, params long[] extents)
        {
            var tensor = device.Parameter(new Shape(extents));
            values.CopyTo(tensor.Span);
            return tensor;
        }
        Tensor q = Parameter(test.Q, 2, queries, 40), k = Parameter(test.K, 2, keys, 20), v = Parameter(test.V, 2, keys, 20),
            b = Parameter(bias.Values, 4, queries, keys);
        using var scope = device.Scope("test");
        var y = Op.Attention(new(q), new(k), new(v), test.Options, new(Bias: b));
        test.Near(y.ToArray(), want.Y, 1, "value");
        OpProbe.Backward(y, test.DY);
        test.Near(q.Grad.ToArray(), want.DQ, 1, "gradient of the queries");
        test.Near(k.Grad.ToArray(), want.DK, 1, "gradient of the keys");
        test.Near(v.Grad.ToArray(), want.DV, 1, "gradient of the values");
        test.Near(b.Grad.ToArray(), gradient, 1, "gradient of the bias");
    }

    [Theory]
    [InlineData(1, 1, 5), InlineData(20, 67, 33), InlineData(100, 130, 16)]
    public void The_loss_of_the_head(int rows, int vocabulary, int width)
    {
        foreach (long count in new long[] { 0, 50 })
        {
            var fused = Step(false);
            var composed = Step(true);
            Assert.Equal((fused.Result.Targets, fused.Result.Correct), (composed.Result.Targets, composed.Result.Correct));
            Assert.Equal(fused.Result.Sum, composed.Result.Sum, Tolerance * fused.Result.Sum + 1e-6);
            OpCheck.Close([fused.Loss], [composed.Loss], Tolerance, "loss");
            OpCheck.Close(fused.DX, [.. composed.DX.Select(d => (double)d)], Tolerance, "gradient of x");
            OpCheck.Close(fused.DWeight, [.. composed.DWeight.Select(d => (double)d)], Tolerance, "gradient of the head");

            (CrossEntropyResult Result, float Loss, float[] DX, float[] DWeight) Step(bool compose)
            {
                using var device = new CpuDevice(2);
                Tensor x = device.Parameter(new Shape(rows, width)), weight = device.Parameter(new Shape(vocabulary, width));
                Operand.Scaled(1, 2, rows, width).Values.CopyTo(x.Span);
                Operand.Random(2, vocabulary, width).Values.CopyTo(weight.Span);
                using var scope = device.Scope("step");
                var (targets, options) = (Targets(x), new CrossEntropyOptions { TargetCount = count });
                var result = compose
                    ? Op.Compose.LinearCrossEntropy(x, weight, targets, options) : Op.LinearCrossEntropy(x, weight, targets, options);
                result.Loss.Backward();
                return (result, result.Loss.Item, x.Grad.ToArray(), weight.Grad.ToArray());
            }
        }
        Tensor Targets(Tensor t) => t.Device.From([.. Enumerable.Range(0, rows).Select(i => i % 7 == 3 ? -100 : i * 31 % vocabulary)]);
    }
}
