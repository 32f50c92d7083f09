using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

public sealed class LinearCrossEntropyTests
{
    private const int Ignored = -100;

    // Around vectors and the micro-kernels' tiles; the last is GPT-2's.
    [Theory]
    [InlineData(1, 7, 5, 96), InlineData(2, 1, 1, 96), InlineData(15, 33, 8, 10), InlineData(16, 5, 33, 1), InlineData(17, 97, 20, 32),
        InlineData(65, 100, 17, 33), InlineData(67, 13, 20, 96)]
    [InlineData(130, 96, 64, 96), InlineData(257, 200, 31, 96), InlineData(50257, 7, 8, 3)]
    public void Equals_the_definition(int vocabulary, int rows, int width, int chunk)
    {
        foreach (int threads in new[] { 1, 2 })
            foreach (long count in new long[] { 0, 1000 })
            {
                using var device = new CpuDevice(threads);
                var head = new Head(device, vocabulary, rows, width);
                var want = new LinearCrossEntropyReference(head.X.ToArray(), head.Weight.ToArray(), head.Targets, Ignored, count);
                for (int pass = 1; pass <= 2; pass++)
                {
                    var got = head.Step(chunk, count);
                    Assert.Equal((want.Targets, want.Correct), (got.Targets, got.Correct));
                    Near([got.Sum], [want.Sum], "sum");
                    Near([got.Mean], [want.Sum / (count > 0 ? count : Math.Max(1, want.Targets))], "loss");
                    Near(head.X.Grad.ToArray(), want.DX, "gradient of x", pass);
                    Near(head.Weight.Grad.ToArray(), want.DWeight, "gradient of the head", pass);
                }
            }
    }

    [Fact]
    public void Same_bits_for_any_number_of_threads_and_any_order_of_tiles()
    {
        var one = Bits(1, false);
        Assert.Equal(one, Bits(2, false));
        Assert.Equal(one, Bits(3, true));

        static float[] Bits(int threads, bool shake)
        {
            using var device = new CpuDevice(threads);
            if (shake) device.Workers.BeforeTile = tile => Thread.Sleep(tile * 7 % 3);
            var head = new Head(device, 300, 150, 40);
            float loss = head.Step(96, 0).Mean;
            return [loss, .. head.X.Grad.Span, .. head.Weight.Grad.Span];
        }
    }

    [Fact]
    public void Batches_cut_in_parts_give_the_whole_batch_gradient()
    {
        using var device = new CpuDevice(2);
        var whole = new Head(device, 67, 60, 20);
        long count = whole.Step(96, 0).Targets;
        float[] want = whole.Weight.Grad.ToArray();
        whole.Weight.ZeroGrad();
        double sum = 0;
        foreach (var (start, rows) in new[] { (0, 7), (7, 33), (40, 20) })
            using (device.Scope("part"))
                sum += Op.LinearCrossEntropy(whole.X.Slice(start, rows), whole.Weight, device.From(whole.Targets.AsSpan(start, rows)),
                    new() { TargetCount = count }).Loss.Item;
        Near(whole.Weight.Grad.ToArray(), Array.ConvertAll(want, x => (double)x), "gradient of parts");
        Near([sum], [whole.Step(96, 0).Mean], "loss of parts");
    }

    [Fact]
    public void The_first_of_equal_logits_counts_as_the_answer()
    {
        using var device = new CpuDevice(1);
        foreach (bool records in new[] { true, false })
        {
            Tensor x = device.From([1f, 1, 1, 1], 4, 1).WithGrad(records), weight = device.From([2f, 5, 5, 5, 1], 5, 1);
            Assert.Equal(1, Op.LinearCrossEntropy(x, weight, device.From([0, 1, 2, 3]), new()).Correct);
            // exp(first − largest) is ½, the largest logit itself: exponentials must not be taken for logits.
            Tensor low = device.From([0.5f + MathF.Log(0.5f), 0.5f], 2, 1);
            Assert.Equal(1, Op.LinearCrossEntropy(device.From([1f], 1, 1).WithGrad(records), low, device.From([1]), new()).Correct);
        }
    }

    [Fact]
    public void Nothing_but_ignored_targets_gives_zero()
    {
        using var device = new CpuDevice(2);
        var head = new Head(device, 20, 9, 8);
        Array.Fill(head.Targets, Ignored);
        var got = head.Step(4, 0);
        Assert.Equal((0f, 0L, 0L), (got.Mean, got.Targets, got.Correct));
        Assert.All(head.X.Grad.ToArray(), g => Assert.Equal(0, g));
        Assert.All(head.Weight.Grad.ToArray(), g => Assert.Equal(0, g));
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void What_is_not_a_number_is_seen_in_the_loss(float value)
    {
        foreach (int vocabulary in new[] { 5, 16, 40 })
            for (int at = 0; at < vocabulary; at += 3)
                foreach (bool records in new[] { true, false })
                {
                    using var device = new CpuDevice(1);
                    var logits = new float[vocabulary];
                    logits[at] = value;
                    var got = Op.LinearCrossEntropy(device.From([1f], 1, 1).WithGrad(records), device.From(logits, vocabulary, 1), device.From([1]),
                        new());
                    Assert.True(float.IsNaN(got.Loss.Item), $"{value} at {at} of {vocabulary}: {got.Loss.Item}");
                    Assert.Equal(0, got.Correct);
                }
    }

    [Fact]
    public void Large_logits_keep_their_digits()
    {
        using var device = new CpuDevice(1);
        var got = Op.LinearCrossEntropy(device.From([1f], 1, 1), device.From([30000f, 30000, 29998], 3, 1), device.From([0]), new());
        Near([got.Sum], [Math.Log(2 + Math.Exp(-2))], "loss");
    }

    [Fact]
    public void A_paused_tape_makes_no_gradient()
    {
        using var device = new CpuDevice(2);
        var head = new Head(device, 67, 10, 20);
        using (device.Tape.Pause()) Op.LinearCrossEntropy(head.X, head.Weight, device.From(head.Targets), new());
        Assert.False(head.X.HasGrad);
        Assert.False(head.Weight.HasGrad);
        Assert.Equal(0, device.Tape.Count);
    }

    [Fact]
    public void Only_what_wants_a_gradient_gets_one()
    {
        using var device = new CpuDevice(2);
        var head = new Head(device, 67, 10, 20);
        head.Weight.WithGrad(false);
        head.Step(96, 0);
        Assert.True(head.X.HasGrad);
        Assert.False(head.Weight.HasGrad);
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(3, 4)), weight = device.Zeros(new Shape(5, 4));
        Refused("67", () => Op.LinearCrossEntropy(x, weight, device.From([0, 67, 1]), new()));
        Refused("-1", () => Op.LinearCrossEntropy(x, weight, device.From([0, -1, 1]), new()));
        Refused("2 targets for 3 rows", () => Op.LinearCrossEntropy(x, weight, device.From([0, 1]), new()));
        Refused("last extent", () => Op.LinearCrossEntropy(x, device.Zeros(new Shape(5, 3)), device.From([0, 1, 2]), new()));
        Refused("nothing", () => Op.LinearCrossEntropy(device.Zeros(new Shape(0, 4)), weight, device.Zeros(new Shape(0), DType.Int32), new()));
        Refused("negative", () => Op.LinearCrossEntropy(x, weight, device.From([0, 1, 2]), new() { TargetCount = -1 }));

        static void Refused(string part, Func<CrossEntropyResult> call) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => { call(); }).Message, StringComparison.Ordinal);
    }

    // float32: sums of C products and of V exponentials, each rounded by 2⁻²⁴; weights are differences with the one-hot target.
    private static void Near(ReadOnlySpan<float> got, double[] want, string what, double factor = 1) =>
        Near(Array.ConvertAll(got.ToArray(), x => (double)x), want, what, factor);

    private static void Near(double[] got, double[] want, string what, double factor = 1)
    {
        double error = Math.Sqrt(got.Zip(want, (g, w) => (g - w * factor) * (g - w * factor)).Sum()), norm = Math.Sqrt(want.Sum(w => w * w)) * factor;
        Assert.Equal(want.Length, got.Length);
        Assert.True(error <= 2e-6 * norm + 1e-7, $"{what} is {error:g3} off, ‖want‖ = {norm:g3}");
    }

    private sealed class Head
    {
        private readonly CpuDevice _device;
        public readonly Tensor X, Weight;
        public readonly int[] Targets;

        public Head(CpuDevice device, int vocabulary, int rows, int width)
        {
            _device = device;
            var random = new Random(vocabulary);
            X = device.Parameter(new Shape(rows, width));
            Weight = device.Parameter(new Shape(vocabulary, width));
            foreach (ref float x in X.Span) x = random.NextSingle() * 4 - 2;
            foreach (ref float w in Weight.Span) w = random.NextSingle() * 2 - 1;
            Targets = new int[rows];
            foreach (ref int t in Targets.AsSpan()) t = random.Next(5) == 0 ? Ignored : random.Next(vocabulary);
        }

        public (float Mean, double Sum, long Targets, long Correct) Step(long chunk, long count)
        {
            using var scope = _device.Scope("test");
            var result = Op.LinearCrossEntropy(X, Weight, _device.From(Targets), new() { TargetCount = count }, chunk);
            result.Loss.Backward();
            return (result.Loss.Item, result.Sum, result.Targets, result.Correct);
        }
    }
}
