using System.Numerics;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;
using Sinter.Tensors.Updates;

namespace Sinter.Tensors.Tests.Profiling;

/// <summary>Every operation begins its own row, with its name, before it touches a buffer; and its backward part is the same row's.</summary>
public sealed class OpNameTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_ops = new()
    {
        ["add"] = x => Op.Add(x, x),
        ["multiply"] = x => Op.Multiply(x, x),
        ["scale"] = x => Op.Scale(x, 2),
        ["add_bias"] = x => Op.AddBias(x, Parameter(x, 16)),
        ["gelu"] = Op.Gelu,
        ["silu"] = Op.Silu,
        ["tanh"] = Op.Tanh,
        ["erf_gelu"] = Op.ErfGelu,
        ["relu"] = Op.Relu,
        ["element_loss"] = x => Op.ElementLoss(x, x, new()).Loss,
        ["reciprocal_sqrt"] = x => Op.ReciprocalSqrt(x, 1),
        ["softmax"] = x => Op.Softmax(x),
        ["log_softmax"] = Op.LogSoftmax,
        ["swiglu"] = x => Op.SwiGlu(x, x),
        ["geglu"] = x => Op.GeGlu(x),
        ["soft_cap"] = x => Op.SoftCap(x, 2),
        ["layer_norm"] = x => Op.LayerNorm(x, Parameter(x, 16), Parameter(x, 16)),
        ["rms_norm"] = x => Op.RmsNorm(x, Parameter(x, 16)),
        ["offset_rms_norm"] = x => Op.OffsetRmsNorm(x, Parameter(x, 16)),
        ["sum_last"] = Op.SumLast,
        ["permute"] = x => Op.Transpose(x, 0, 1),
        ["matmul"] = x => Op.MatMul(x, x, transposeB: true),
        ["linear"] = x => Op.Linear(x, Parameter(x, 3, 16), Parameter(x, 3), Parameter(x, 4, 3)),
        ["feed_forward"] = x =>
            Op.FeedForward(x, Parameter(x, 24, 16), Parameter(x, 24), Parameter(x, 16, 24), Parameter(x, 16), x),
        ["dropout"] = x => Op.Dropout(x, 0.5f, new DropoutKey(1, 2, 3, 4), x),
        ["rotary"] = x => Op.Rotary(x.Reshape(2, 2, 16), new RotaryTable(x.Device, 8, positions: 2)),
        ["embedding"] = x => Op.Embedding(x.Device.From([1, 2, 2], 3), x, Parameter(x, 3, 16)),
        ["cross_entropy"] = x => Op.CrossEntropy(x, x.Device.From([1, 2, 2, 1], 4)),
        ["linear_cross_entropy"] = x =>
            Op.LinearCrossEntropy(x, Parameter(x, 5, 16), x.Device.From([1, 2, 2, 1], 4), default(CrossEntropyOptions)).Loss,
        ["attention"] = Attention,
    };

    public static TheoryData<string> Names => [.. s_ops.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_row_of_its_own(string name)
    {
        using var device = new CpuDevice(2);
        var x = device.Parameter(new Shape(4, 16));
        x.Span.Fill(0.5f);
        s_ops[name](x);   // tables and parameters that the case makes are written here and do not count
        device.Tape.Clear();
        var profile = device.Profile = new OpProfile();
        using (profile.Step())
        {
            profile.Begin("before");
            var y = s_ops[name](x);
            if (y.Count == 1) y.Backward();
            else Op.Sum(y).Backward();
        }
        Assert.Contains(profile.Rows, r => (r.Op, r.IsBackward) == (name, false) && r.Calls == 1 && r.Bytes > 0);
        Assert.Contains(profile.Rows, r => (r.Op, r.IsBackward) == (name, true) && r.Calls == 1);
        Assert.InRange(profile.Rows.Single(r => r.Op == "before").Bytes, 0, 64);   // the ids and the table that a case makes
        Assert.Empty(profile.Rows.Select(r => r.Op).Except([name, "before", "sum", OpProfile.Rest]));
    }

    [Fact]
    public void The_optimizer_s_passes_have_rows()
    {
        using var device = new CpuDevice(2);
        Tensor weight = device.Parameter(new Shape(100)), moment = device.Parameter(new Shape(100), requiresGrad: false);
        Op.Sum(weight).Backward();
        UpdateTarget[] targets = [new(weight, 0, moment, moment)];
        var profile = device.Profile = new OpProfile();
        using (profile.Step())
        {
            MultiTensor.GradientNorm([weight]);
            MultiTensor.Update<Nothing>(targets, [default], 1);
        }
        Assert.Equal([OpProfile.Rest, OpProfile.GradientNorm, OpProfile.Update], profile.Rows.Select(r => r.Op));
        Assert.Equal(400, profile.Rows[1].Bytes);
        Assert.Equal(400 * 6, profile.Rows[2].Bytes);   // three buffers are read, where both states are one, and three written
    }

    private static Tensor Attention(Tensor x)
    {
        var role = new HeadColumns(x.Reshape(1, 4, 16));
        return Op.Attention(role, role, role, new AttentionOptions { NumHeads = 2, NumKvHeads = 2, HeadSize = 8 });
    }

    private static Tensor Parameter(Tensor like, params ReadOnlySpan<long> extents) => like.Device.Parameter(new Shape(extents));

    private struct Nothing : IUpdateRule
    {
        public readonly void Apply<T>(Vector512<T> gradient, ref Vector512<T> weight, ref Vector512<T> first, ref Vector512<T> second, ref Vector512<T> third)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
        }
    }
}
