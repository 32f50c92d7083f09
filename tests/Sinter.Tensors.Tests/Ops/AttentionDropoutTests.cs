using Sinter.Tensors.Ops;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

public sealed class AttentionDropoutTests
{
    private static AttentionOptions Dropping(float p, int heads = 2, long first = 0) =>
        Heads(heads, 20) with { Dropout = p, DropoutKey = new DropoutKey(42, 7, 3, first) };

    [Theory]
    [InlineData(0.1f, 40), InlineData(0.5f, 130), InlineData(0.9f, 17)]
    public void Gradients_belong_to_the_mask_of_the_forward_pass(float p, int length)
    {
        var test = new AttentionCase(2, length, length, Dropping(p)) { Shared = true };
        double[,,,] mask = Mask(test);
        var reference = test.Reference();
        reference.Mask = (b, h, t, s) => mask[b, h, t, s];
        test.Check(reference);
        var again = test.Reference();
        again.Mask = reference.Mask;
        (test with { Precision = Precision.BFloat16 }).Check(again);
    }

    [Fact]
    public void Micro_batches_drop_what_the_whole_batch_drops()
    {
        const int length = 70, width = 40;
        using var device = new CpuDevice(2);
        var random = new Random(1);
        float[] all = [.. Enumerable.Range(0, 4 * length * 3 * width).Select(_ => random.NextSingle() * 2 - 1)],
            dy = [.. Enumerable.Range(0, 4 * length * width).Select(_ => random.NextSingle())];
        var whole = Run(0, 4);
        var first = Run(0, 2);
        var second = Run(2, 2);
        Assert.Equal(whole.Y, (float[])[.. first.Y, .. second.Y]);
        // Few sequences are cut into more tiles, whose sums of a key's gradient are then added: another order of the same float32 numbers. A weight
        // dropped otherwise would be an error of some per cent.
        OpCheck.Close(whole.Gradient, [.. first.Gradient.Concat(second.Gradient).Select(g => (double)g)], 1e-6, "gradient");

        (float[] Y, float[] Gradient) Run(int start, int count)
        {
            using var scope = device.Scope("batch");
            var x = device.From(all.AsSpan(start * length * 3 * width, count * length * 3 * width), count, length, 3 * width).WithGrad();
            var y = Op.Attention(new(x), new(x, width), new(x, 2 * width), Dropping(0.3f, first: start));
            var values = y.ToArray();
            float[] gradient = [];
            x.Live().Kept = true;   // so that its gradient can be read after the pass
            OpProbe.Backward(y, dy[(start * length * width)..((start + count) * length * width)]);
            return (values, x.Grad.ToArray());
        }
    }

    [Theory]
    [InlineData(0.1f), InlineData(0.5f)]
    public void Weights_keep_their_mean(float p)
    {
        double[,,,] mask = Mask(new AttentionCase(3, 150, 150, Dropping(p, heads: 4)));
        double[] factors = [.. mask.Cast<double>()];
        // The standard error of the mean of n factors is √(p / (1 − p) / n); five of them.
        double error = Math.Sqrt(p / (1 - p) / factors.Length);
        Assert.InRange(factors.Average(), 1 - 5 * error, 1 + 5 * error);
        Assert.All(factors, f => Assert.True(f == 0 || Math.Abs(f - 1 / (1 - p)) < 1e-4));
    }

    [Fact]
    public void Masks_differ_by_sample_head_query_step_and_site()
    {
        double[] Flat(AttentionOptions o) => [.. Mask(new AttentionCase(2, 60, 60, o)).Cast<double>()];
        double[] mask = Flat(Dropping(0.5f));
        int head = 60 * 60, sample = 2 * head;
        Assert.NotEqual(mask[..head], mask[head..sample]);
        Assert.NotEqual(mask[..sample], mask[sample..]);
        Assert.NotEqual(mask[..60], mask[60..120]);
        Assert.NotEqual(mask, Flat(Dropping(0.5f) with { DropoutKey = new(42, 8, 3, 0) }));
        Assert.NotEqual(mask, Flat(Dropping(0.5f) with { DropoutKey = new(42, 7, 4, 0) }));
        Assert.NotEqual(mask, Flat(Dropping(0.5f) with { DropoutKey = new(43, 7, 3, 0) }));
        Assert.Equal(mask, Flat(Dropping(0.5f)));
    }

    /// <summary>
    /// The factors of the mask, read off an attention that sees every key alike and whose value number s is 1 at s and 0 elsewhere, twenty keys at a
    /// time.
    /// </summary>
    private static double[,,,] Mask(AttentionCase test)
    {
        var (o, length) = (test.Options, test.Keys);
        int size = o.HeadSize, width = o.NumHeads * size;
        var mask = new double[test.Batch, o.NumHeads, test.Queries, length];
        using var device = new CpuDevice(2);
        Tensor zeros = device.Zeros(new Shape(test.Batch, test.Queries, width)), key = device.Zeros(new Shape(test.Batch, length, width)),
            value = device.Zeros(key.Shape);
        for (int start = 0; start < length; start += size)
        {
            value.Span.Clear();
            for (int i = 0; i < test.Batch * length * o.NumHeads; i++)
            {
                int s = i / o.NumHeads % length - start;
                if (s >= 0 && s < size) value.Span[i * size + s] = length;
            }
            var y = Op.Attention(new(zeros), new(key), new(value), o with { Causal = false });
            for (int i = 0; i < y.Span.Length; i++)
            {
                int s = start + i % size;
                if (s < length) mask[i / (test.Queries * width), i / size % o.NumHeads, i / width % test.Queries, s] = y.Span[i];
            }
        }
        return mask;
    }
}
