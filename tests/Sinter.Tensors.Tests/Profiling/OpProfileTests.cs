using System.Diagnostics;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Tests.Profiling;

public sealed class OpProfileTests
{
    private const int Rows = 7, Inputs = 20, Outputs = 33;

    [Fact]
    public void A_linear_layer_is_three_products_and_its_buffers()
    {
        using var device = new CpuDevice(2);
        var weight = device.Parameter(new Shape(Outputs, Inputs));
        var bias = device.Parameter(new Shape(Outputs));
        var profile = device.Profile = new OpProfile();
        for (int i = 0; i < 3; i++) Step(device, weight, bias, Rows);
        double product = 3 * 2.0 * Rows * Inputs * Outputs;
        long x = Rows * Inputs, y = Rows * Outputs, w = Inputs * Outputs;
        var forward = Row(profile, "linear", false);
        Assert.Equal((3, product), (forward.Calls, forward.Operations));
        Assert.Equal(3 * 4 * (x + w + Outputs + y), forward.Bytes);
        var backward = Row(profile, "linear", true);
        Assert.Equal((3, 2 * product), (backward.Calls, backward.Operations));
        // x, w and dy are read, dx, dw and the bias's gradient written; from the second step on the latter two are added to, as nothing zeroes them.
        Assert.Equal(3 * 4 * (2 * x + 2 * w + y + Outputs) + 2 * 4 * (w + Outputs), backward.Bytes);
        Assert.Equal([(Rows, Outputs, Inputs, false, true, 3), (Outputs, Inputs, Rows, true, false, 3), (Rows, Inputs, Outputs, false, false, 3)],
            profile.Products.Select(p => (p.M, p.N, p.K, p.TransposedA, p.TransposedB, p.Calls)));
        Assert.Equal(3 * product, profile.Products.Sum(p => p.Operations));
    }

    [Fact]
    public void The_rows_add_up_to_the_steps()
    {
        using var device = new CpuDevice(2);
        var weight = device.Parameter(new Shape(Outputs, Inputs));
        var profile = device.Profile = new OpProfile();
        double around = 0;
        for (int i = 0; i < 5; i++)
        {
            long began = Stopwatch.GetTimestamp();
            Step(device, weight, default, Rows, pause: true);
            around += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        Assert.Equal(5, profile.Steps);
        Assert.Equal(profile.Seconds, profile.Rows.Sum(r => r.Seconds), 1e-12);
        Assert.InRange(profile.Seconds, 0.05, around);   // each step waits for 10 ms
        Assert.InRange(Row(profile, "pause", false).Seconds, 0.05, profile.Seconds);
        Assert.All(profile.Products, p => Assert.InRange(p.Seconds, 0, profile.Seconds));
    }

    [Fact]
    public void Outside_of_a_step_and_without_a_profile_nothing_is_counted()
    {
        using var device = new CpuDevice(1);
        var weight = device.Parameter(new Shape(Outputs, Inputs));
        var profile = device.Profile = new OpProfile();
        using (device.Scope("outside")) Op.Linear(device.Zeros(new Shape(Rows, Inputs)), weight);
        Assert.Empty(profile.Rows);
        device.Profile = null;
        using (profile.Step())
        using (device.Scope("without"))
            Op.Linear(device.Zeros(new Shape(Rows, Inputs)), weight);
        Assert.Equal([OpProfile.Rest], profile.Rows.Select(r => r.Op));
        Assert.Empty(profile.Products);
    }

    [Theory]
    [InlineData(0, 5 * 6 / 2)]
    [InlineData(2, 1 + 2 * 4)]
    public void Attention_counts_the_pairs_that_its_mask_leaves(int window, int pairs)
    {
        const int heads = 3, size = 8, length = 5, batch = 2;
        using var device = new CpuDevice(2);
        var x = device.Parameter(new Shape(batch, length, 3 * heads * size));
        var profile = device.Profile = new OpProfile();
        using (profile.Step())
        using (device.Scope("step"))
        {
            HeadColumns Role(int i) => new(x, i * heads * size);
            var options = new AttentionOptions { NumHeads = heads, NumKvHeads = heads, HeadSize = size, Window = window };
            Op.Sum(Op.Attention(Role(0), Role(1), Role(2), options)).Backward();
        }
        double product = 2.0 * pairs * size * heads * batch;
        Assert.Equal(2 * product, Row(profile, "attention", false).Operations);
        Assert.Equal(5 * product, Row(profile, "attention", true).Operations);
    }

    [Fact]
    public void Memory_is_told_apart()
    {
        using var device = new CpuDevice(1);
        var weight = device.Parameter(new Shape(Outputs, Inputs));
        device.Parameter(new Shape(Outputs, Inputs), requiresGrad: false);
        var profile = device.Profile = new OpProfile();
        Step(device, weight, default, 1000);
        var use = MemoryUse.Of(device, profile);
        long w = Outputs * Inputs * sizeof(float), y = 1000 * Outputs * sizeof(float), x = 1000 * Inputs * sizeof(float);
        Assert.Equal((w, w, w), (use.Weights, use.Gradients, use.States));
        Assert.InRange(use.Saved, x + y, (x + y) * 1.13 + 256);   // size classes lose an eighth at most
        Assert.True(use.Workspace > 0);
        Assert.InRange(use.Total - use.Workspace, device.Memory.PeakBytes - 256, device.Memory.PeakBytes);
    }

    private static OpRow Row(OpProfile profile, string op, bool isBackward) => profile.Rows.Single(r => (r.Op, r.IsBackward) == (op, isBackward));

    private static void Step(CpuDevice device, Tensor weight, Tensor bias, int rows, bool pause = false)
    {
        using var step = device.Profile!.Step();
        using var scope = device.Scope("step");
        var x = device.Zeros(new Shape(rows, Inputs)).WithGrad();
        Op.Sum(Op.Linear(x, weight, bias)).Backward();
        if (!pause) return;
        device.Profile.Begin("pause");
        Thread.Sleep(10);
    }
}
