using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Engine;

public sealed class SteadyStateTests
{
    [Fact]
    public void After_the_first_steps_no_memory_is_asked_of_the_system_nor_of_the_collector()
    {
        const int warmUp = 20, steps = 500;
        using var device = new CpuDevice(2);
        var model = new Model(device);
        for (int i = 0; i < warmUp; i++) model.Step(i);
        (long requests, long reserved, long allocated) = (device.Memory.SystemRequests, device.Memory.ReservedBytes,
            GC.GetAllocatedBytesForCurrentThread());
        for (int i = 0; i < steps; i++) model.Step(warmUp + i);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(requests, device.Memory.SystemRequests);
        Assert.Equal(reserved, device.Memory.ReservedBytes);
        Assert.InRange(allocated / steps, 0, 256);
    }

    /// <summary>Every operation of a Transformer's step but attention, and plain ones.</summary>
    private sealed class Model
    {
        private readonly CpuDevice _device;
        private readonly Tensor _table, _positions, _norm, _bias, _rms, _up, _gate, _down, _head;
        private readonly RotaryTable _rotary;
        private readonly int[] _ids = [.. Enumerable.Range(0, 24).Select(i => i * 5 % 11)];

        public Model(CpuDevice device)
        {
            _device = device;
            _table = Weight(11, 18);
            _positions = Weight(12, 18);
            (_norm, _bias, _rms) = (Weight(18), Weight(18), Weight(18));
            (_up, _gate, _down, _head) = (Weight(40, 18), Weight(40, 18), Weight(18, 40), Weight(11, 18));
            _rotary = new RotaryTable(device, 6);
        }

        public void Step(int step)
        {
            using var scope = _device.Scope("step");
            Tensor tokens = _device.From(_ids, 2, 12), key = _device.From(_ids, 24);
            var x = Op.Embedding(tokens, _table, _positions);
            x = Op.Dropout(x, 0.1f, new DropoutKey(1, step, 1, 0));
            var h = Op.Rotary(Op.LayerNorm(x, _norm, _bias), _rotary);
            x = Op.Linear(Op.Gelu(Op.Linear(Op.FeedForward(h, _up, default, _down, default, x), _up)), _down, residual: x);
            h = Op.RmsNorm(x, _rms);
            x = Op.Add(x, Op.Linear(Op.SwiGlu(Op.Linear(h, _gate), Op.Linear(h, _up)), _down));
            h = Op.Compose.LayerNorm(x, _norm, _bias);
            var scores = Op.Softmax(Op.MatMul(h, x, transposeB: true));
            x = Op.Transpose(Op.Transpose(Op.MatMul(scores, h), 1, 2), 1, 2);
            Op.CrossEntropy(Op.Linear(x.Reshape(24, 18), _head), key).Backward();
            foreach (var weight in (ReadOnlySpan<Tensor>)[_table, _positions, _norm, _bias, _rms, _up, _gate, _down, _head]) weight.ZeroGrad();
        }

        private Tensor Weight(params ReadOnlySpan<long> extents)
        {
            var weight = _device.Parameter(new Shape(extents));
            for (int i = 0; i < weight.Count; i++) weight.Span[i] = (i * 37 % 19 - 9) / 40f;
            return weight;
        }
    }
}
