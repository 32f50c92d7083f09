using System.Diagnostics.CodeAnalysis;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Schedules;
using Sinter.Tensors;
using Sinter.Training.Averaging;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Regularization;
using Sinter.Training.Stopping;
using Xunit.Sdk;

namespace Sinter.Tests.Training;

/// <summary>Everything with a state, saved in the middle and loaded into a fresh one, goes on as if nothing had been.</summary>
public sealed class StatefulTests
{
    // How to make each, and what one step of it looks like. A new one gets a line here; without it the first test fails.
    private static readonly Dictionary<Type, Func<CpuDevice, Subject>> s_all = new()
    {
        [typeof(DataCursor)] = Cursor,
        [typeof(MemoryBatch)] = MemorySubject,
        [typeof(ElementwiseOptimizer<>)] = device => OptimizerSubject(device, parameters => new AdamWOptions { Betas = (0.8, 0.9) }.Create(parameters)),
        [typeof(PlateauSchedule)] = device => ScheduleSubject(device, new PlateauOptions { Metric = "loss", Patience = 0, Cooldown = 1, Factor = 0.5 }),
        [typeof(MetricSequenceSchedule)] = device => ScheduleSubject(device, new PlateauOptions { Metric = "loss", Patience = 0, Factor = 0.5, WarmupSteps = 1 }),
        [typeof(Adafactor)] = device => OptimizerSubject(device, parameters => new AdafactorOptions().Create(parameters)),
        [typeof(Muon)] = device => OptimizerSubject(device, parameters =>
            new MuonOptions().Create([.. parameters.Select(p => p.IsMatrix ? p with { Outputs = [3] } : p)])),
        [typeof(ExponentialAverage)] = device => AverageSubject(device, new ExponentialAverageOptions { Decay = 0.8 }),
        [typeof(StatisticalClip)] = device => NumberSubject(device, () => new StatisticalClip(new() { WarmupSteps = 4, Threshold = 0.5, Decay = 0.8 }),
            (clip, step) => clip.Clip(null!, 1 + step % 3).Scale),
        [typeof(Patience)] = device => NumberSubject(device, () => new Patience(new() { Metric = "loss", Evaluations = 3 }), (rule, step) => Watch(rule, step)),
        [typeof(ConditionRule)] = device => NumberSubject(device, () => new ConditionRule("goal", Condition.Parse("loss > 0.1 for 4 times"), false), (rule, step) => Watch(rule, step)),
        [typeof(BestTracker)] = device => NumberSubject(device, () => new BestTracker(new BestOptions()),
            (best, step) => (best.Observe(step, Metrics("validation_loss", Math.Abs(step - 4.0))) ? 1 : 0) + best.Best?.Step ?? -1),
        [typeof(EwcPenalty)] = Ewc,
        [typeof(StochasticAverage)] = device => AverageSubject(device, new StochasticAverageOptions { Start = 0.2, Every = 2 }),
    };

    [Fact]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Tests are not trimmed.")]
    public void Each_is_walked() =>
        Assert.Equal(typeof(IStateful).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false }
            && t.IsAssignableTo(typeof(IStateful))).Select(t => t.FullName).Order(),
            s_all.Keys.Select(t => t.FullName).Order());

    [Fact]
    public void Each_goes_on_as_it_was()
    {
        foreach (var make in s_all.Values) Check(make);
    }

    [Theory]
    [InlineData("count"), InlineData("mean"), InlineData("velocity")]
    public void One_that_forgets_is_found(string forgotten)
    {
        Check(device => OptimizerSubject(device, parameters => new Momentum(parameters, "")));
        Assert.ThrowsAny<XunitException>(() => Check(device => OptimizerSubject(device, parameters => new Momentum(parameters, forgotten))));
    }

    private static void Check(Func<CpuDevice, Subject> make)
    {
        using CpuDevice device = new(1), other = new(1);
        Subject whole = make(device), resumed = make(other);
        for (int i = 0; i < 3; i++) whole.Step(i);
        using var folder = new Checkpoints.TempFolder("state");
        var state = new StateWriter();
        whole.State.Save(state.Section("it"));
        new TrainerState(3, 0, 0, "", "").Write(folder.Path, state);
        using (var read = TrainerState.Read(folder.Path).State)
        {
            resumed.State.Load(read.Section("it"));
            read.Finish();
        }
        resumed.Take(whole);
        for (int i = 3; i < 6; i++)
        {
            whole.Step(i);
            resumed.Step(i);
            Assert.Equal(whole.Seen().Select(BitConverter.SingleToInt32Bits), resumed.Seen().Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static Subject OptimizerSubject(CpuDevice device, Func<IReadOnlyList<Parameter>, IOptimizer> make)
    {
        Parameter[] parameters = [new("a", device.Parameter(new Shape(3, 9))), new("b", device.Parameter(new Shape(21)))];
        foreach (var p in parameters) Initializer.Normal(1).Fill(p.Value.Span, 4, p.Name);
        var optimizer = make(parameters);
        return new Subject(optimizer, step =>
        {
            foreach (var p in parameters)
            {
                p.Value.ZeroGrad();
                Initializer.Normal(1).Fill(device.Tape.GradTarget(p.Value, out _).Span, 8, p.Name + step);
            }
            optimizer.Update(0.1, 0.5);
        }, parameters);
    }

    private static Subject AverageSubject(CpuDevice device, WeightAverageOptions options)
    {
        Parameter[] parameters = [new("a", device.Parameter(new Shape(3, 9)))], seen = [new("seen", device.Parameter(new Shape(3, 9)))];
        var average = options.Create(parameters, 6);
        return new Subject(average, step =>
        {
            Initializer.Normal(1).Fill(parameters[0].Value.Span, 8, "a" + step);
            average.Observe(step + 1);
            using (average.Swap()) parameters[0].Value.Span.CopyTo(seen[0].Value.Span);
        }, seen);
    }

    private static Subject Ewc(CpuDevice device)
    {
        Parameter[] parameters = [new("a", device.Parameter(new Shape(3, 9)))];
        var penalty = new EwcPenalty(parameters, 3, 1);
        return new Subject(penalty, step =>
        {
            parameters[0].Value.ZeroGrad();
            Initializer.Normal(1).Fill(device.Tape.GradTarget(parameters[0].Value, out _).Span, 8, "g" + step);
            if (step == 1) penalty.Anchor();
            penalty.Observe(0.5);
            penalty.Add();
            for (int i = 0; i < parameters[0].Value.Count; i++) parameters[0].Value.Span[i] -= 0.1f * parameters[0].Value.Grad.Span[i];
        }, parameters);
    }

    private static Subject NumberSubject<T>(CpuDevice device, Func<T> make, Func<T, int, double> step) where T : IStateful
    {
        Parameter[] parameters = [new("seen", device.Parameter(new Shape(1)))];
        var it = make();
        return new Subject(it, i => parameters[0].Value.Span[0] = (float)step(it, i), parameters);
    }

    private static double Watch(IStoppingRule rule, int step)
    {
        rule.Observe(step, Metrics("loss", 0.25 * (step + 1)));
        if (step != 2) rule.Observe(step, Metrics("validation_loss", 1));
        return rule.Reason is { } reason ? reason.Step + reason.Message.Length : -1;
    }

    private static MetricSet Metrics(string name, double value)
    {
        var metrics = new MetricSet();
        metrics.Set(name, value);
        return metrics;
    }

    private static Subject MemorySubject(CpuDevice device)
    {
        Parameter[] parameters = [new("seen", device.Parameter(new Shape(1)))];
        var policy = new MemoryBatch(96, "1GiB", 64);
        return new Subject(policy, step =>
        {
            if (step % 2 == 0) policy.BackOff();
            parameters[0].Value.Span[0] = policy.At(new StepStart(step + 1, 0, 0)).MicroBatch;
        }, parameters);
    }

    private static Subject Cursor(CpuDevice device)
    {
        Parameter[] parameters = [new("seen", device.Parameter(new Shape(2)))];
        var cursor = new DataCursor();
        return new Subject(cursor, step =>
        {
            cursor.Advance(step + 1, 7 * step + 2);
            (parameters[0].Value.Span[0], parameters[0].Value.Span[1]) = (cursor.Sequences, cursor.Tokens);
        }, parameters);
    }

    private static Subject ScheduleSubject(CpuDevice device, ScheduleOptions options)
    {
        double[] losses = [3, 2, 2.5, 2.5, 2.4, 1];
        Parameter[] parameters = [new("seen", device.Parameter(new Shape(1)))];
        var schedule = (IMetricSchedule)options.Create(1, losses.Length);
        var metrics = new MetricSet();
        return new Subject(schedule, step =>
        {
            metrics.Set("loss", losses[step]);
            schedule.Observe(step + 1, metrics);
            parameters[0].Value.Span[0] = (float)schedule.At(step + 2);
        }, parameters);
    }

    /// <summary>Something with a state, and the weights that it works on, which are saved by others.</summary>
    private sealed record Subject(IStateful State, Action<int> Step, IReadOnlyList<Parameter> Weights)
    {
        public IEnumerable<float> Seen() => Weights.SelectMany(w => w.Value.ToArray());

        public void Take(Subject other)
        {
            for (int i = 0; i < Weights.Count; i++) other.Weights[i].Value.Span.CopyTo(Weights[i].Value.Span);
        }
    }

    /// <summary>Momentum with a warm-up and a step by the mean size of the gradients, which keeps all of its state but for one value.</summary>
    private sealed class Momentum(IReadOnlyList<Parameter> parameters, string forgotten) : IOptimizer
    {
        private readonly double[][] _velocity = [.. parameters.Select(p => new double[p.Value.Count])];
        private long _count;
        private double _mean;

        private double GradientNorm() => Math.Sqrt(parameters.Sum(p => p.Value.Grad.ToArray().Sum(g => (double)g * g)));

        public void Update(double learningRate, double gradientScale, double? momentum = null)
        {
            _mean = 0.5 * _mean + GradientNorm();
            double step = learningRate * ++_count / (_count + 3) / _mean;
            for (int i = 0; i < parameters.Count; i++)
                for (int j = 0; j < _velocity[i].Length; j++)
                {
                    _velocity[i][j] = 0.9 * _velocity[i][j] + gradientScale * parameters[i].Value.Grad.Span[j];
                    parameters[i].Value.Span[j] -= (float)(step * _velocity[i][j]);
                }
        }

        public void Save(StateWriter state)
        {
            if (forgotten != "count") state.Integer("count", _count);
            if (forgotten != "mean") state.Number("mean", _mean);
            for (int i = 0; i < _velocity.Length; i++)
                if (forgotten != "velocity" || i == 0) state.Numbers($"velocity{i}", _velocity[i]);
        }

        public void Load(StateReader state)
        {
            if (forgotten != "count") _count = state.Integer("count");
            if (forgotten != "mean") _mean = state.Number("mean");
            for (int i = 0; i < _velocity.Length; i++)
                if (forgotten != "velocity" || i == 0) state.Numbers($"velocity{i}").CopyTo(_velocity[i], 0);
        }
    }
}
