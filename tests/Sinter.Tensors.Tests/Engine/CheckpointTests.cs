using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Tests.Engine;

/// <summary>A segment whose inside the backward pass computes again: the same bits, less memory, nothing left behind.</summary>
public sealed class CheckpointTests
{
    private const int Layers = 8, Rows = 64, Columns = 48;

    [Theory]
    [InlineData(Precision.Float32, 1), InlineData(Precision.Float32, 3), InlineData(Precision.BFloat16, 1)]
    public void Gradients_have_the_same_bits(Precision precision, int layersInSegment)
    {
        using var plain = new Stack(precision, 0);
        using var checkpointed = new Stack(precision, layersInSegment);
        for (int step = 0; step < 3; step++)   // gradients of three passes add up
        {
            plain.Pass(step);
            checkpointed.Pass(step);
        }
        Assert.Equal(plain.Gradients().Select(BitConverter.SingleToInt32Bits), checkpointed.Gradients().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void The_backward_pass_finds_only_the_inputs_of_segments()
    {
        using var plain = new Stack(Precision.Float32, 0);
        using var checkpointed = new Stack(Precision.Float32, 1);
        long input = Rows * Columns * sizeof(float), all = plain.Saved(), inputs = checkpointed.Saved();
        Assert.InRange(all, 4 * Layers * input, long.MaxValue);
        Assert.InRange(inputs, Layers * input, (Layers + 3) * input + 256);   // with the first input, what it is of, and the squares
        Assert.True(3 * checkpointed.Device.Memory.PeakBytes < 2 * plain.Device.Memory.PeakBytes,
            $"{checkpointed.Device.Memory.PeakBytes} beside {plain.Device.Memory.PeakBytes}");
    }

    [Fact]
    public void A_checkpoint_inside_another_has_the_same_bits()
    {
        using var plain = new Stack(Precision.Float32, 0);
        using var nested = new Stack(Precision.Float32, 4, isNested: true);
        plain.Pass(0);
        nested.Pass(0);
        Assert.Equal(plain.Gradients().Select(BitConverter.SingleToInt32Bits), nested.Gradients().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Steps_ask_for_no_memory_and_leave_nothing()
    {
        using var stack = new Stack(Precision.Float32, 2);
        for (int i = 0; i < 20; i++) stack.Pass(i);
        (long requests, long live, long allocated) = (stack.Device.Memory.SystemRequests, stack.Device.Memory.LiveBlocks,
            GC.GetAllocatedBytesForCurrentThread());
        for (int i = 0; i < 200; i++) stack.Pass(i);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(requests, stack.Device.Memory.SystemRequests);
        Assert.Equal(live, stack.Device.Memory.LiveBlocks);
        Assert.InRange(allocated / 200, 0, 256);
        Assert.Equal((0, true, "device"), (stack.Device.Tape.Count, stack.Device.Tape.IsRecording, stack.Device.CurrentScope.Name));
    }

    [Fact]
    public void A_segment_that_gives_its_input_records_nothing()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(3));
        using var scope = device.Scope("step");
        var y = Op.Scale(x, 2);
        var same = device.Tape.Checkpoint(static (Tensor input, in int _) => input, y, 0);
        Assert.Equal(1, device.Tape.Count);
        Op.Sum(same).Backward();
        Assert.Equal([2f, 2, 2], x.Grad.ToArray());
    }

    [Fact]
    public void Weights_inside_get_gradients_where_the_input_wants_none()
    {
        using var device = new CpuDevice(1);
        var weight = device.Parameter(new Shape(3));
        using var scope = device.Scope("step");
        var x = device.From([1f, 2, 3], 3);
        Op.Sum(device.Tape.Checkpoint(static (Tensor input, in Tensor w) => Op.Multiply(input, w), x, weight)).Backward();
        Assert.Equal([1f, 2, 3], weight.Grad.ToArray());
        Assert.False(x.HasGrad);
    }

    [Fact]
    public void Without_a_tape_it_is_the_segment_itself()
    {
        using var device = new CpuDevice(1);
        var x = device.Parameter(new Shape(2));
        x.Span.Fill(3);
        using var pause = device.Tape.Pause();
        Assert.Equal([6f, 6], device.Tape.Checkpoint(static (Tensor input, in float f) => Op.Scale(input, f), x, 2f).ToArray());
        Assert.Equal(0, device.Tape.Count);
    }

    /// <summary>Layers x + W₂ gelu(W₁ norm(x)) with dropout, in segments of some layers.</summary>
    private sealed class Stack : IDisposable
    {
        private readonly Tensor _first;
        private readonly Tensor[] _norm, _up, _down;
        private readonly int _layersInSegment;
        private readonly Segment<(int First, int Count, long Step)> _segment, _layer;

        public Stack(Precision precision, int layersInSegment, bool isNested = false)
        {
            Device = new CpuDevice(2, precision);
            _layersInSegment = layersInSegment;
            _first = Weight(1, Columns, Columns);
            _norm = [.. Enumerable.Range(0, Layers).Select(i => Weight(10 + i, Columns))];
            _up = [.. Enumerable.Range(0, Layers).Select(i => Weight(20 + i, 2 * Columns, Columns))];
            _down = [.. Enumerable.Range(0, Layers).Select(i => Weight(30 + i, Columns, 2 * Columns))];
            _layer = Run;
            _segment = isNested ? RunNested : Run;
        }

        public CpuDevice Device { get; }

        public void Pass(long step)
        {
            using var scope = Device.Scope("pass");
            Loss(step).Backward();
        }

        public long Saved()
        {
            var profile = Device.Profile = new OpProfile();
            Pass(0);
            return profile.SavedBytes;
        }

        public float[] Gradients() => [.. ((Tensor[])[_first, .. _norm, .. _up, .. _down]).SelectMany(w => w.Grad.ToArray())];

        public void Dispose() => Device.Dispose();

        private Tensor Loss(long step)
        {
            var x = Device.Empty(new Shape(Rows, Columns));
            for (int i = 0; i < x.Count; i++) x.Span[i] = (i * 29 % 23 - 11) / 7f;
            x = Op.Linear(x, _first);
            if (_layersInSegment == 0) x = Run(x, (0, Layers, step));
            for (int i = 0; _layersInSegment > 0 && i < Layers; i += _layersInSegment)
                x = Device.Tape.Checkpoint(_segment, x, (i, Math.Min(_layersInSegment, Layers - i), step));
            return Op.Sum(Op.Multiply(x, x));
        }

        private Tensor Run(Tensor x, in (int First, int Count, long Step) a)
        {
            for (int i = a.First; i < a.First + a.Count; i++)
            {
                var y = Op.Linear(Op.Gelu(Op.Linear(Op.LayerNorm(x, _norm[i]), _up[i])), _down[i]);
                x = Op.Dropout(y, 0.2f, new DropoutKey(3, a.Step, (uint)i, 0), x);
            }
            return x;
        }

        private Tensor RunNested(Tensor x, in (int First, int Count, long Step) a)
        {
            for (int i = a.First; i < a.First + a.Count; i++) x = Device.Tape.Checkpoint(_layer, x, (i, 1, a.Step));
            return x;
        }

        private Tensor Weight(int seed, params ReadOnlySpan<long> extents)
        {
            var weight = Device.Parameter(new Shape(extents));
            var random = new Random(seed);
            foreach (ref float w in weight.Span) w = (float)(random.NextDouble() - 0.5) / 3;
            return weight;
        }
    }
}
