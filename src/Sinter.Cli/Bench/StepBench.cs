using System.Diagnostics;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Training.Clipping;

namespace Sinter.Cli.Bench;

/// <summary>
/// Training steps on random tokens: forward, loss, backward, clip the global norm to 1, AdamW. The tokens are made before the clock starts, as in
/// bench/peers/train_step.py.
/// </summary>
internal sealed class StepBench
{
    private const double ClipNorm = 1, LearningRate = 1e-4;
    private readonly BenchShape _shape;
    private readonly CpuDevice _device;
    private readonly bool _checkpoint;
    private readonly CausalLanguageModel _model;
    private readonly IOptimizer _optimizer;
    private readonly GradientSet _gradients;
    private readonly Random _random = new(1);
    private readonly int[] _tokens, _targets;
    private StepRecord? _record;
    private long _step;

    public StepBench(BenchShape shape, CpuDevice device, bool checkpoint = false)
    {
        (_shape, _device, _checkpoint) = (shape, device, checkpoint);
        _model = Architectures.Build(shape.Config, device, seed: 1);
        _optimizer = new AdamWOptions { Betas = (0.9, 0.95), WeightDecay = 0.1 }.Create(_model.Parameters);
        _gradients = new GradientSet(_model.Parameters);
        (_tokens, _targets) = (new int[shape.Tokens], new int[shape.Tokens]);
    }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; private set; }

    /// <summary>Records the steps from now on; <see cref="StepRecord.Write"/> ends it.</summary>
    public StepRecord Record(string folder) => _record = new StepRecord(folder, _model, _shape.Batch);

    /// <summary>Times steps until there are enough of them and enough seconds.</summary>
    public Timings Run(int steps, double seconds, Action<int> progress)
    {
        var timings = new Timings();
        while (timings.Count < steps || timings.Total < seconds)
        {
            timings.Add(Step());
            progress(timings.Count);
        }
        return timings;
    }

    /// <summary>One step.</summary>
    /// <returns>What it took.</returns>
    /// <exception cref="SinterException">The loss is not one of random tokens: there is nothing to time.</exception>
    public TimeSpan Step()
    {
        Fill(_tokens);
        Fill(_targets);
        long began = Stopwatch.GetTimestamp();
        using (_device.Profile?.Step())
        using (_device.Scope("step"))
        {
            long batch = _shape.Batch, length = _shape.Config.ContextLength;
            var result = _model.Loss(_device.From(_tokens, batch, length), _device.From(_targets, batch, length), 0,
                new ForwardContext { Training = true, Step = _step++, CheckpointActivations = _checkpoint });
            result.Loss.Backward();
            _optimizer.Update(LearningRate, NormClip.Factor(ClipNorm, _gradients.Norm()));
            foreach (var parameter in _model.Parameters) parameter.Value.ZeroGrad();
            Loss = result.Sum / result.Targets;
        }
        var time = Stopwatch.GetElapsedTime(began);
        if (!(Loss is > 0.5 and < 20)) throw new SinterException($"The loss of random tokens came out as {Loss}; nothing was timed.");
        _record?.Add(_tokens, _targets, Loss);
        return time;
    }

    private void Fill(int[] ids)
    {
        for (int i = 0; i < ids.Length; i++) ids[i] = _random.Next(_shape.Config.VocabSize);
    }
}
