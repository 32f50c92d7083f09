using Sinter.Evaluation;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tests.Training;

namespace Sinter.Tests.Evaluation;

/// <summary>What a model's beginning looks like, and the verdict.</summary>
public sealed class InitializationCheckTests
{
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void The_habit_of_each_architecture_is_sound(string architecture)
    {
        var report = Check(Deep(architecture, null));
        Assert.Equal(InitializationState.Sound, report.Verdict.State);
        Assert.Null(report.Verdict.Advice);
        Assert.Equal(3, report.Verdict.Reasons.Count);
        Assert.Equal(2 * 24 + 1, report.Layers.Count);
        Assert.Equal(("embedding", "block 0 attention", "block 23 feed-forward"), (report.Layers[0].Name, report.Layers[1].Name, report.Layers[^1].Name));
        Assert.InRange(report.Loss, 0.95 * report.UniformLoss, 1.1 * report.UniformLoss);
        Assert.All(report.Layers, l => Assert.True(l.WeightGradient > 0));
        // Two embeddings of 0.02 in gpt2, one in llama.
        Assert.Equal(architecture == "gpt2" ? 0.0283 : 0.02, report.Layers[0].Activation.Rms, 0.001);
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Very_small_weights_in_a_deep_model_vanish(string architecture)
    {
        var report = Check(Deep(architecture, Initializer.Normal(0.001)));
        Assert.Equal(InitializationState.Vanishing, report.Verdict.State);
        Assert.True(report.AddedByBlocks < InitializationVerdict.LeastAdded);
        Assert.Contains("blocks together add", Assert.Single(report.Verdict.Reasons), StringComparison.Ordinal);
        Assert.Contains("model.initializer", report.Verdict.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2", 0.3), InlineData("llama", 0.3), InlineData("gpt2", 1), InlineData("llama", 1)]
    public void Large_weights_explode(string architecture, double std)
    {
        var report = Check(Deep(architecture, Initializer.Normal(std)));
        Assert.Equal(InitializationState.Exploding, report.Verdict.State);
        Assert.True(report.Verdict.GradientGrowth > InitializationVerdict.LargestGrowth);
        Assert.Contains(report.Verdict.Reasons, r => r.Contains("log V", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_number_explodes_and_what_is_zero_vanishes()
    {
        Assert.Equal(InitializationState.Exploding, Check(Deep("gpt2", new ConstantInitializer { Value = 1e300 })).Verdict.State);
        Assert.Equal(InitializationState.Vanishing, Check(Deep("gpt2", Initializer.Zeros)).Verdict.State);
        Assert.Equal(InitializationState.Vanishing, Check(Deep("llama", new ConstantInitializer { Value = 0.01 })).Verdict.State);
    }

    // The probe's gradient against a central difference of the loss; its activations against the model that is nudged.
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void Gradients_are_those_of_the_stream(string architecture)
    {
        using var device = new CpuDevice(2);
        var options = SmallModels.Of(architecture);
        options.Initializer = Initializer.Normal(0.2);
        var model = Architectures.Build(Architectures.Configure(options, 31, null), device, 3, Architectures.Initialization(options));
        int[] tokens = [.. Enumerable.Range(0, 19).Select(i => i * i % 31)];
        double Loss(IStreamObserver observer)
        {
            using var scope = device.Scope("test");
            var result = model.Loss(device.From(tokens.AsSpan(0, 18), 1, 18), device.From(tokens.AsSpan(1, 18), 1, 18), 0, new ForwardContext { Observer = observer });
            result.Loss.Backward();
            return result.Sum;
        }
        var places = new Places();
        Loss(places);
        places.Read();
        Assert.Equal(5, places.Seen.Count);
        for (int place = 0; place < 5; place++)
        {
            // Along the gradient itself the loss changes by step · ‖gradient‖; the third derivative leaves an error of the step squared.
            float[] gradient = places.Gradients[place];
            double norm = Math.Sqrt(gradient.Sum(g => (double)g * g)), step = 0.01 * Math.Sqrt(places.Seen[place].Sum(x => (double)x * x) / gradient.Length);
            float[] along = [.. gradient.Select(g => (float)(g / norm * step))];
            double difference = (Loss(new Nudge(place, along, 1)) - Loss(new Nudge(place, along, -1))) / (2 * step) / 18;   // of the mean
            Assert.True(Math.Abs(difference - norm) <= 2e-3 * norm, $"place {place}: {difference}, not {norm}");
        }
        using var whole = device.Scope("whole");
        var report = InitializationCheck.Run(model, tokens.AsSpan(0, 18), tokens.AsSpan(1, 18), 1);
        Assert.Equal(places.Seen.Select(x => Math.Sqrt(x.Average(v => (double)v * v))), report.Layers.Select(l => l.Activation.Rms), Near);
        Assert.Equal(places.Gradients.Select(x => 18 * Math.Sqrt(x.Average(v => (double)v * v))), report.Layers.Select(l => l.Gradient.Rms), Near);
    }

    [Fact]
    public void The_check_leaves_weights_and_gradients_as_they_were()
    {
        using var device = new CpuDevice(1);
        var model = Architectures.Build(Architectures.Configure(SmallModels.Of("gpt2", 0.1), 31, null), device, 3);
        float[] before = [.. model.Parameters.SelectMany(p => p.Value.ToArray())];
        int[] tokens = [.. Enumerable.Range(0, 37).Select(i => i % 31)];
        InitializationCheck.Run(model, tokens.AsSpan(0, 36), tokens.AsSpan(1, 36), 2);
        Assert.Equal(before, model.Parameters.SelectMany(p => p.Value.ToArray()));
        Assert.Equal(0, device.Tape.Count);
    }

    [Fact]
    public void Spread_is_in_double()
    {
        var spread = Spread.Of([1e20f, -1e20f, 1e20f, -1e20f]);
        Assert.Equal((1e20, 1e20), (spread.Std, spread.Rms), ((double, double) a, (double, double) b) => Near(a.Item1, b.Item1) && Near(a.Item2, b.Item2));
        Assert.Equal(0, Spread.Of([3f, 3, 3]).Std, 1e-9);
        Assert.True(double.IsNaN(Spread.Of([1, float.NaN]).Rms));
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-5 * Math.Abs(a);

    private static ModelOptions Deep(string architecture, Initializer? initializer) => new()
    {
        Architecture = architecture, NumLayers = 24, NumHeads = 4, HiddenSize = 64, ContextLength = 32, Initializer = initializer,
    };

    private static InitializationReport Check(ModelOptions options)
    {
        using var device = new CpuDevice(2);
        var model = Architectures.Build(Architectures.Configure(options, 65, null), device, 1, Architectures.Initialization(options));
        var random = new Random(1);
        int[] tokens = [.. Enumerable.Range(0, 4 * options.ContextLength + 1).Select(_ => random.Next(65))];
        return InitializationCheck.Run(model, tokens.AsSpan(0, tokens.Length - 1), tokens.AsSpan(1), 4);
    }

    /// <summary>Keeps the stream; its gradient arrives at zeros that are added.</summary>
    private sealed class Places : IStreamObserver
    {
        private readonly List<Tensor> _zeros = [];
        public List<float[]> Seen { get; } = [];
        public List<float[]> Gradients { get; } = [];

        public Tensor Observe(Tensor x)
        {
            var zeros = x.Device.Parameter(x.Shape);
            Seen.Add(x.ToArray());
            _zeros.Add(zeros);
            return Op.Add(x, zeros);
        }

        public void Read()
        {
            foreach (var zeros in _zeros) Gradients.Add(zeros.Grad.ToArray());
        }
    }

    /// <summary>Adds to the stream at one place.</summary>
    private sealed class Nudge(int place, float[] values, float factor) : IStreamObserver
    {
        private int _place;

        public Tensor Observe(Tensor x) =>
            _place++ == place ? Op.Add(x, x.Device.From([.. values.Select(v => v * factor)], x.Shape[0], x.Shape[1], x.Shape[2])) : x;
    }
}
