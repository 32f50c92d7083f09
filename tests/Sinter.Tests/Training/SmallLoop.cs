using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Schedules;
using Sinter.Tensors;
using Sinter.Tests.Data;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Planning;

namespace Sinter.Tests.Training;

/// <summary>The training loop on a model and a text that are made up, in memory but for the tokens.</summary>
internal sealed class SmallLoop : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TokenCorpus _corpus;

    public SmallLoop(ModelOptions model, TrainingOptions options, int threads = 2, Precision precision = Precision.Float32, int characters = 20_000,
        string sequences = "windows")
    {
        string path = Path.Combine(_folder.Path, sequences == "windows" ? "text.txt" : "text.jsonl");
        File.WriteAllText(path, sequences == "windows" ? Words(characters) : Lines(Words(characters)));
        _corpus = Corpora.Build(_folder, Corpora.Options("characters", path));
        Device = new CpuDevice(threads, precision);
        Model = Architectures.Build(Architectures.Configure(model, _corpus.Tokenizer.VocabSize, null), Device, options.Seed);
        var data = TrainingData.Of(_corpus, new DataOptions { Sequences = sequences }, options, model.ContextLength);
        var batches = options.BatchSize.Create(new BatchFacts(data.Train, options.GradientAccumulation, options.Seed)
        {
            Planner = new MemoryPlanner(Model.Config, options, process: 0),
        });
        Plan = TrainingPlan.Of(options, batches, data.Train);
        Strategies = TrainingStrategies.Of(options, Model.Parameters, batches, Plan);
        Loop = new TrainingLoop(Model, Strategies, data.Train, new LossEvaluator(Model, data.Validation), options, Plan, new PhaseClock());
    }

    public TrainingPlan Plan { get; }
    public CpuDevice Device { get; }
    public CausalLanguageModel Model { get; }
    public TrainingStrategies Strategies { get; }
    public IOptimizer Optimizer => Strategies.Optimizer;
    public TrainingLoop Loop { get; }
    public List<TrainingEvent> Events { get; } = [];

    /// <summary>The losses of all steps.</summary>
    public double[] Losses => [.. Events.OfType<StepCompleted>().Select(s => s.Loss)];

    public static TrainingOptions Training(long steps, int batch, int accumulation, double learningRate = 1e-3) => new()
    {
        MaxSteps = steps, BatchSize = batch, GradientAccumulation = accumulation, EvalEvery = 1000, EvalTokens = 64, Schedule = new ConstantOptions(),
        Optimizer = new AdamWOptions { LearningRate = learningRate, WeightDecay = 0.1 },
    };

    /// <summary>Made-up words, the frequent ones often: the same text for the same length and seed.</summary>
    public static string Words(int length, int seed = 7)
    {
        var random = new Random(seed);
        string[] words = [.. Enumerable.Range(0, 60).Select(_ =>
            string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => (char)('a' + random.Next(20)))))];
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
            text.Append(words[(int)(words.Length * Math.Pow(random.NextDouble(), 2))]).Append(random.Next(9) == 0 ? ".\n" : " ");
        return text.ToString(0, length);
    }

    /// <summary>A text as documents of 1 to 60 characters, a line of JSON each.</summary>
    public static string Lines(string text, int seed = 5)
    {
        var random = new Random(seed);
        var lines = new List<string>();
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = Math.Min(text.Length - at, random.Next(1, 61));
            lines.Add($"{{\"text\": \"{System.Text.Json.JsonEncodedText.Encode(text.AsSpan(at, length))}\"}}");
        }
        return string.Join('\n', lines);
    }

    public SmallLoop Run(Action<long>? save = null)
    {
        Loop.Run(0, false, Events.Add, save ?? (_ => { }), TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Every weight, one after the other.</summary>
    public float[] Weights() => [.. Model.Parameters.SelectMany(p => p.Value.ToArray())];

    public void Dispose()
    {
        Device.Dispose();
        _corpus.Dispose();
        _folder.Dispose();
    }
}
