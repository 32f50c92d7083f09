using Sinter.Tensors.Ops;
using static Sinter.Tensors.Tests.Ops.AttentionCase;

namespace Sinter.Tensors.Tests.Ops;

public sealed class AttentionMemoryTests
{
    [Fact]
    public void A_cache_with_room_gives_what_its_keys_give()
    {
        foreach (int queries in new[] { 1, 3, 7, 50 })
        {
            var test = new AttentionCase(2, queries, 61, Heads(4, 20, 2) with { Window = 55 });
            var want = test.Reference().Run(test.DY);
            using var device = new CpuDevice(2);
            float[] Room(float[] x)
            {
                var room = new float[2 * 100 * 40];
                Array.Fill(room, float.NaN);
                for (int b = 0; b < 2; b++) x.AsSpan(b * 61 * 40, 61 * 40).CopyTo(room.AsSpan(b * 100 * 40));
                return room;
            }
            Tensor q = device.From(test.Q, 2, queries, 80), k = device.From(Room(test.K), 2, 100, 40), v = device.From(Room(test.V), 2, 100, 40);
            test.Near(Op.Attention(new(q), new(k), new(v), test.Options with { KeyLength = 61 }).ToArray(), want.Y, 1, "value of a cache");

            k.WithGrad();
            k.Live().Kept = true;
            device.Empty(k.Shape).Span.Fill(float.NaN);
            using var scope = device.Scope("training on a cache");
            OpProbe.Backward(Op.Attention(new(q), new(k), new(v), test.Options with { KeyLength = 61 }), test.DY);
            float[] gradient = k.Grad.ToArray();
            for (int b = 0; b < 2; b++)
            {
                test.Near(gradient[(b * 4000)..(b * 4000 + 61 * 40)], want.DK[(b * 61 * 40)..((b + 1) * 61 * 40)], 1, "gradient of a cache");
                Assert.All(gradient[(b * 4000 + 61 * 40)..((b + 1) * 4000)], g => Assert.Equal(0, g));
            }
        }
    }

    [Fact]
    public void Only_what_wants_a_gradient_gets_one()
    {
        var test = new AttentionCase(1, 30, 30, Heads(2, 20));
        var want = test.Reference().Run(test.DY);
        for (int which = 0; which < 3; which++)
        {
            using var device = new CpuDevice(2);
            Tensor[] roles = [device.Parameter(new Shape(1, 30, 40), which == 0), device.Parameter(new Shape(1, 30, 40), which == 1),
                device.Parameter(new Shape(1, 30, 40), which == 2)];
            test.Q.CopyTo(roles[0].Span);
            test.K.CopyTo(roles[1].Span);
            test.V.CopyTo(roles[2].Span);
            using var scope = device.Scope("test");
            OpProbe.Backward(Op.Attention(new(roles[0]), new(roles[1]), new(roles[2]), test.Options), test.DY);
            for (int i = 0; i < 3; i++) Assert.Equal(i == which, roles[i].HasGrad);
            test.Near(roles[which].Grad.ToArray(), which == 0 ? want.DQ : which == 1 ? want.DK : want.DV, 1, "the one gradient");
        }
    }

    [Fact]
    public void Columns_beside_the_roles_get_no_gradient()
    {
        using var device = new CpuDevice(2);
        var projection = device.Parameter(new Shape(2, 20, 3 * 16 + 5));
        foreach (ref float x in projection.Span) x = 0.5f;
        using (device.Scope("test"))
        {
            device.Empty(projection.Shape).Span.Fill(float.NaN);
            OpProbe.Backward(Op.Attention(new(projection, 5), new(projection, 21), new(projection, 37), Heads(2, 8)),
                [.. Enumerable.Repeat(1f, 2 * 20 * 16)]);
        }
        for (int i = 0; i < projection.Grad.Span.Length; i++)
            if (i % 53 < 5) Assert.Equal(0, projection.Grad.Span[i]);
            else Assert.True(float.IsFinite(projection.Grad.Span[i]));
    }

    [Fact]
    public void One_tensor_may_be_all_three_roles()
    {
        using var device = new CpuDevice(2);
        var test = new AttentionCase(2, 40, 40, Heads(2, 20));
        var want = new AttentionReference(test.Options, 2, 40, 40, test.Q, test.Q, test.Q).Run(test.DY);
        var x = device.Parameter(new Shape(2, 40, 40));
        test.Q.CopyTo(x.Span);
        using (device.Scope("test"))
        {
            device.Empty(x.Shape).Span.Fill(float.NaN);
            OpProbe.Backward(Op.Attention(new(x), new(x), new(x), test.Options), test.DY);
        }
        test.Near(x.Grad.ToArray(), [.. want.DQ.Select((d, i) => d + want.DK[i] + want.DV[i])], 1, "gradient of all three");
    }

    [Fact]
    public void Steps_ask_the_system_for_nothing_more_and_allocate_nothing()
    {
        using var device = new CpuDevice(2);
        var projection = device.Parameter(new Shape(2, 150, 3 * 64));
        var gradient = new float[2 * 150 * 64];
        var options = Heads(4, 16) with { Dropout = 0.1f };
        void Step()
        {
            using var scope = device.Scope("step");
            OpProbe.Backward(Op.Attention(new(projection), new(projection, 64), new(projection, 128), options), gradient);
        }
        for (int i = 0; i < 3; i++) Step();
        long blocks = device.Memory.LiveBlocks, scratch = device.Working.Bytes, requests = device.Memory.SystemRequests;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) Step();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
        Assert.Equal((blocks, scratch, requests), (device.Memory.LiveBlocks, device.Working.Bytes, device.Memory.SystemRequests));
    }

    [Fact]
    public void Empty_sequences_and_rows_that_see_nothing_give_zeros()
    {
        using var device = new CpuDevice(2);
        Tensor q = device.From([.. Enumerable.Repeat(1f, 6 * 8)], 1, 6, 8), none = device.Zeros(new Shape(1, 0, 8)),
            few = device.From([.. Enumerable.Repeat(1f, 2 * 8)], 1, 2, 8);
        Assert.All(Op.Attention(new(q), new(none), new(none), Heads(2, 4)).ToArray(), y => Assert.Equal(0, y));
        float[] values = Op.Attention(new(q), new(few), new(few), Heads(2, 4)).ToArray();
        Assert.All(values[..32], y => Assert.Equal(0, y));
        Assert.All(values[32..], y => Assert.Equal(1, y, 1e-6f));
        Assert.Equal(0,
            Op.Attention(new(device.Zeros(new Shape(2, 0, 8))), new(device.Zeros(new Shape(2, 3, 8))), new(device.Zeros(new Shape(2, 3, 8))),
            Heads(2, 4)).Count);
    }

    [Fact]
    public void What_is_not_a_number_stays_visible()
    {
        using var device = new CpuDevice(1);
        foreach (int length in new[] { 3, 40, 120 })
        {
            var x = device.Zeros(new Shape(1, length, 8));
            x.Span[(length - 1) * 8] = float.NaN;
            float[] y = Op.Attention(new(x), new(x), new(x), Heads(1, 8)).ToArray();
            Assert.All(y[((length - 1) * 8)..], v => Assert.True(float.IsNaN(v)));
        }
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        using var device = new CpuDevice(1);
        Tensor x = device.Zeros(new Shape(2, 5, 24)), other = device.Zeros(new Shape(2, 6, 8));
        Refused("do not divide", x, x, x, Heads(3, 8, 2));
        Refused("no room for 4 heads of 8", x, x, x, Heads(4, 8));
        Refused("do not agree", device.Zeros(new Shape(1, 5, 8)), other, other, Heads(1, 8));
        Refused("do not agree", x, x, other, Heads(1, 8));
        Refused("dropout", x, x, x, Heads(3, 8) with { Dropout = 1 });
        Refused("dropout", x, x, x, Heads(3, 8) with { Dropout = float.NaN });
        Refused("window -1", x, x, x, Heads(3, 8) with { Window = -1 });
        Refused("key length of 7", other, other, other, Heads(1, 8) with { KeyLength = 7 });
        var error = Assert.Throws<ArgumentException>(() => Op.Attention(new(x), new(x, 4), new(x, 12), Heads(1, 8)));
        Assert.Contains("overlap", error.Message, StringComparison.Ordinal);

        static void Refused(string part, Tensor q, Tensor k, Tensor v, AttentionOptions options) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Op.Attention(new(q), new(k), new(v), options)).Message,
                StringComparison.Ordinal);
    }
}
