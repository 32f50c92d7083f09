using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Layers;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Profiling;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;

namespace Sinter.Training.Planning;

/// <summary>
/// An evaluation and two steps in the order of the training loop, on a device of which nothing is held yet. On a <see cref="CpuDevice.Rehearsal"/> device they
/// take milliseconds and no memory, and the device knows what a run would take; on any other they are really done.
/// </summary>
internal sealed class Rehearsal
{
    private readonly CpuDevice _device;
    private readonly ModelConfig _config;
    private readonly TrainingOptions _options;
    private readonly StepBatch _batch;
    private readonly OpProfile _profile = new();
    private readonly ITrainedModel _model;
    private readonly TrainingStrategies _strategies;
    private readonly GradientSet _gradients;
    private readonly Random _random = new(1);
    private readonly PlannedSequences _sequences;
    private readonly int _rows;
    private long _held;

    private Rehearsal(CpuDevice device, ModelConfig config, TrainingOptions options, PlannedSequences sequences, StepBatch batch, IAdapterPlan? adapters)
    {
        (_device, _config, _options, _sequences, _batch) = (device, config, options, sequences, batch);
        device.Profile = _profile;
        _model = Architectures.BuildModel(config, device, options.Seed, adapters: adapters);
        _rows = batch.RowsOf(Width);
        var plan = new TrainingPlan(2, 2 * batch.Sequences * Width, HasMicroBatches);
        _strategies = TrainingStrategies.Of(options, _model.Parameters, new FixedBatch(_rows, 1), plan);
        _gradients = new GradientSet(_model.Parameters);
    }

    private int Width => _sequences.ContextLength;

    private bool HasMicroBatches => _batch.Sequences > _rows;

    /// <summary>What a run of such steps holds at its most, beside the program itself.</summary>
    /// <param name="device">A device that has done nothing.</param>
    /// <param name="config">The model.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="sequences">What sequences are like.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="adapters">What is trained in place of the model.</param>
    public static MemoryPlan Run(CpuDevice device, ModelConfig config, TrainingOptions options, PlannedSequences sequences, StepBatch batch, IAdapterPlan? adapters = null) =>
        new Rehearsal(device, config, options, sequences, batch, adapters).Run();

    private MemoryPlan Run()
    {
        bool frozen = _model.Parameters.Any(p => !p.Value.RequiresGrad);
        using (HasMicroBatches || frozen ? _device.HoldWeights(frozenOnly: !HasMicroBatches) : null)
        {
            Evaluate();
            for (int step = 1; step <= 2; step++) Step(step);
            Evaluate();
        }
        return new MemoryPlan(_batch, _rows, MemoryUse.Of(_device, _profile), _held, 0);
    }

    private void Step(long step)
    {
        using var scope = _device.Scope("step");
        MicroBatch(step, 0, _rows);
        if (2L * _rows <= _batch.Sequences) MicroBatch(step, _rows, _rows);
        int rest = (int)(_batch.Sequences % _rows);
        if (HasMicroBatches && rest > 0) MicroBatch(step, _batch.Sequences - rest, rest);
        Observe();
        _strategies.Penalty?.Add();
        _gradients.Norm();
        _strategies.Clipper?.Clip(_gradients, 1);
        _strategies.Optimizer.Update(0, 1);
        _strategies.Average?.Observe(step);
        foreach (var parameter in _model.Parameters) parameter.Value.ZeroGrad();
    }

    private void MicroBatch(long step, long first, int sequences)
    {
        using var scope = _device.Scope("micro-batch");
        var context = new ForwardContext
        {
            Training = true,
            Seed = _options.Seed,
            Step = step,
            FirstSample = first,
            LongestSequence = Width,
            CheckpointActivations = _options.ActivationCheckpointing,
        };
        Loss(sequences, _batch.Sequences * Width, context).Backward();
    }

    private void Evaluate()
    {
        using var pause = _device.Tape.Pause();
        long most = LossEvaluator.BatchOf(Width), all = Math.Max(1, (_options.EvalTokens ?? long.MaxValue) / Width);
        using var hold = most < all ? _device.HoldWeights() : null;
        using var average = _strategies.Average?.Swap();
        using var scope = _device.Scope("evaluation");
        Loss((int)Math.Min(most, all), 0, default);
        Observe();
    }

    private Tensor Loss(int sequences, long targets, in ForwardContext context)
    {
        var batch = SequenceBatch.Empty(_device, _sequences, sequences, Width);
        foreach (ref int token in batch.Tokens.Int32Span) token = _random.Next(_config.VocabSize);
        Aim(batch.Targets.Int32Span);
        if (!batch.Segments.IsNone) batch.Segments.Int32Span.Clear();
        if (!batch.Types.IsNone) batch.Types.Int32Span.Clear();
        if (!batch.Values.IsNone) batch.Values.Span.Clear();
        return _model.Loss(batch, new CrossEntropyOptions { TargetCount = targets }, context).Loss;
    }

    /// <summary>A target at each position or, where texts are judged, one label in each row.</summary>
    private void Aim(Span<int> targets)
    {
        bool isText = _config.Head == ModelHead.Classifier;
        targets.Fill(ISequences.IgnoredTarget);
        for (int i = 0; i < targets.Length; i += isText ? Width : 1) targets[i] = _random.Next(isText ? _config.LabelCount : _config.VocabSize);
    }

    /// <summary>Packed weights come and go.</summary>
    private void Observe() => _held = Math.Max(_held, _device.HeldBytes);
}
