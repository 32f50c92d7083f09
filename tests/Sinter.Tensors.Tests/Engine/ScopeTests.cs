using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Ops;

namespace Sinter.Tensors.Tests.Engine;

public sealed class ScopeTests
{
    [Fact]
    public void A_scope_returns_everything_it_made()
    {
        using var device = new CpuDevice(1);
        var weight = device.Parameter(new Shape(4, 4));
        using (device.Scope("warm-up")) Op.Sum(Op.Multiply(weight, weight)).Backward();   // makes the weight's gradient, which stays
        (long blocks, long bytes) = (device.Memory.LiveBlocks, device.Memory.UsedBytes);
        using (device.Scope("step"))
        {
            var x = Op.LayerNorm(Op.FeedForward(device.Zeros(new Shape(3, 4)), weight, default, weight, default), device.Zeros(new Shape(4)));
            Op.Sum(x).Backward();
        }
        using (device.Scope("forward only")) Op.Softmax(Op.FeedForward(device.Zeros(new Shape(3, 4)), weight, default, weight, default));
        using (device.Scope("evaluation"))
        using (device.Tape.Pause())
            Op.CrossEntropy(Op.RmsNorm(weight, device.Zeros(new Shape(4))), device.From([0, 1, 2, 3]));
        Assert.Equal(blocks, device.Memory.LiveBlocks);
        Assert.Equal(bytes, device.Memory.UsedBytes);
    }

    [Fact]
    public void Use_after_the_scope_names_the_operation_and_the_scope()
    {
        using var device = new CpuDevice(1);
        Tensor dead, alive = device.Zeros(new Shape(2, 2)), row = device.Zeros(new Shape(2));
        using (device.Scope("step 7")) dead = device.Zeros(new Shape(2, 2));
        (string Name, Action Use)[] uses =
        [
            ("add", () => Op.Add(dead, alive)), ("add", () => Op.Add(alive, dead)), ("multiply", () => Op.Multiply(alive, dead)),
            ("scale", () => Op.Scale(dead, 2)),
            ("gelu", () => Op.Gelu(dead)), ("softmax", () => Op.Softmax(dead)), ("log_softmax", () => Op.LogSoftmax(dead)),
            ("sum", () => Op.Sum(dead)),
            ("matmul", () => Op.MatMul(alive, dead)), ("permute", () => Op.Permute(dead, 1, 0)), ("linear", () => Op.Linear(dead, alive)),
            ("linear", () => Op.Linear(alive, dead)),
            ("linear", () => Op.FeedForward(alive, dead, default, alive, default)),
            ("layer_norm", () => Op.LayerNorm(dead, row)), ("rms_norm", () => Op.RmsNorm(dead, row)),
            ("swiglu", () => Op.SwiGlu(alive, dead)), ("geglu", () => Op.GeGlu(dead)), ("soft_cap", () => Op.SoftCap(dead, 1)),
            ("dropout", () => Op.Dropout(dead, 0.5f, default)), ("cross_entropy", () => Op.CrossEntropy(dead, device.From([0, 0]))),
            ("embedding", () => Op.Embedding(device.From([0]), dead)),
        ];
        foreach (var (name, use) in uses)
        {
            string message = Assert.Throws<InvalidOperationException>(use).Message;
            Assert.StartsWith($"[{name}]", message);
            Assert.Contains("[2, 2]", message);
            Assert.Contains("'step 7'", message);
        }
        Assert.Throws<InvalidOperationException>(() => dead.Span.Length);
        Assert.Throws<InvalidOperationException>(() => dead.Slice(0, 1));
    }

    [Fact]
    public void A_dead_handle_stays_dead_when_its_buffer_is_used_again()
    {
        using var device = new CpuDevice(1);
        Tensor dead;
        using (device.Scope("first")) dead = device.Zeros(new Shape(8));
        using var scope = device.Scope("second");
        var next = device.Zeros(new Shape(8));
        Assert.Throws<InvalidOperationException>(() => dead.Span.Length);
        Assert.Equal(8, next.Span.Length);
    }

    [Fact]
    public void A_tensor_that_is_none_is_named()
    {
        using var device = new CpuDevice(1);
        Assert.StartsWith("[gelu]", Assert.Throws<InvalidOperationException>(() => Op.Gelu(default)).Message);
        Assert.Contains("none", Assert.Throws<InvalidOperationException>(() => Op.Add(device.Zeros(new Shape(1)), default)).Message);
    }

    [Fact]
    public void What_is_kept_belongs_to_the_enclosing_scope()
    {
        using var device = new CpuDevice(1);
        long blocks = device.Memory.LiveBlocks;
        using (device.Scope("outer"))
        {
            Tensor kept;
            using (var inner = device.Scope("inner"))
            {
                kept = inner.Keep(device.From([1f, 2]));
                device.Zeros(new Shape(100));
            }
            Assert.Equal([1f, 2], kept.ToArray());
            Assert.Equal(blocks + 1, device.Memory.LiveBlocks);
        }
        Assert.Equal(blocks, device.Memory.LiveBlocks);
    }

    [Fact]
    public void What_is_kept_survives_the_backward_pass()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(3));
        using var scope = device.Scope("step");
        var y = scope.Keep(Op.Scale(x, 2));
        Op.Sum(Op.Multiply(y, y)).Backward();
        Assert.Equal(3, y.Span.Length);
        Assert.True(y.HasGrad);
    }

    [Fact]
    public void Gradients_of_what_is_kept_are_as_they_arrived()
    {
        using var device = new CpuDevice(1);
        Operand input = Operand.Random(1, 3, 5), weight = Operand.Random(2, 5, 5);
        Tensor x = device.Parameter(input.Shape), w = device.Parameter(weight.Shape);
        input.Values.CopyTo(x.Span);
        weight.Values.CopyTo(w.Span);
        using var scope = device.Scope("step");
        var y = scope.Keep(Op.FeedForward(x, w, default, w, default));
        var z = scope.Keep(Op.Add(y, y));
        Op.Sum(z).Backward();
        Assert.All(z.Grad.ToArray(), g => Assert.Equal(1, g));
        Assert.All(y.Grad.ToArray(), g => Assert.Equal(2, g));
    }

    [Fact]
    public void A_scope_inside_forgets_only_its_own_operations()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2));
        x.Span.Fill(3);
        using var outer = device.Scope("outer");
        var y = Op.Multiply(x, x);
        using (device.Scope("inner")) Op.Sum(y);
        Op.Sum(y).Backward();
        Assert.Equal([6f, 6], x.Grad.ToArray());
    }

    [Fact]
    public void Scopes_end_in_the_reverse_order()
    {
        using var device = new CpuDevice(1);
        var outer = device.Scope("outer");
        var inner = device.Scope("inner");
        Assert.Contains("'outer'", Assert.Throws<InvalidOperationException>(outer.Dispose).Message);
        inner.Dispose();
        outer.Dispose();
    }
}
