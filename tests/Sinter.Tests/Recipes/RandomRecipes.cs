using Sinter.Models;
using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Tasks;
using Sinter.Training;
using Sinter.Training.Averaging;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Regularization;
using Sinter.Training.Stopping;

namespace Sinter.Tests.Recipes;

/// <summary>Valid recipes with random values in every key.</summary>
internal sealed class RandomRecipes(int seed)
{
    private readonly Random random = new(seed);

    public Recipe Next()
    {
        var r = new Recipe { Name = Name() };
        r.Data.Text = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3) == 0 ? "sdk-docs" : Path.GetFullPath("/data/"
            + Text() + "x"))];
        r.Data.Column = Text() + "c";
        r.Data.ValidationFraction = Share();
        if (r.Data.Text.Count > 1) r.Data.Sequences = Pick("windows", "documents", "packed");
        if (random.Next(3) == 0) r.Task = new InstructTaskOptions { ChatTemplate = Pick(null, "qwen"), Messages = Text() + "m", TooLong = Pick("truncate", "drop"), Date = Pick(null, "2026-02-28") };
        r.Data.Tokenizer.Kind = Pick("characters", "bytes", "bpe");
        r.Data.Tokenizer.VocabSize = random.Next(257, 100_000);
        Model(r);
        Training(r);
        r.Sample.Prompt = Text();
        r.Sample.MaxNewTokens = random.Next();
        r.Sample.Temperature = random.Next(4) == 0 ? 0 : Magnitude();
        r.Sample.TopK = random.Next();
        if (random.Next(2) == 0) r.Resolved = new() { Precision = Text(), InstructionSet = Text(), Threads = random.Next() };
        return r;
    }

    private void Model(Recipe r)
    {
        var m = r.Model;
        m.Architecture = Pick([.. Architectures.Names]);
        var family = Architectures.Find(m.Architecture);
        m.NumLayers = random.Next(1, 100);
        int kv = random.Next(1, 9);
        m.NumHeads = kv * random.Next(1, 9);
        if (family.HasGroupedHeads && random.Next(2) == 0) m.NumKvHeads = kv;
        m.HiddenSize = m.NumHeads * 2 * random.Next(1, 100);
        if (family.IsRotary && random.Next(2) == 0) m.HeadSize = 2 * random.Next(1, 100);
        if (family.SlidingWindow is not null && random.Next(2) == 0) m.SlidingWindow = random.Next(0, 5000);
        if (random.Next(2) == 0) m.RopeTheta = Magnitude();
        if (random.Next(2) == 0) m.IntermediateSize = random.Next(1, 1 << 22);
        m.ContextLength = random.Next(1, 1000);
        m.Dropout = random.Next(2) == 0 ? 0 : Share();
        if (random.Next(2) == 0) (m.EmbeddingDropout, m.AttentionDropout, m.ResidualDropout) = (Share(), 0, Share());
        m.StochasticDepth = random.Next(2) == 0 ? 0 : Share();
        m.Initializer = Pick(null, new Gpt2Initializer { Std = Magnitude() }, new HeNormalInitializer { Fan = "out", GivenGain = Magnitude() },
            Initializer.Zeros, new UniformInitializer { Min = -Magnitude(), Max = Magnitude() });
        m.Initializers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new InitializerRule
        {
            Match = ["*" + Text(), "a"], Initializer = Pick<Initializer>(new ConstantInitializer { Value = -Magnitude() }, new OrthogonalInitializer { Activation = "tanh" }),
        })];
        m.Bias = family.HasOptionalBias ? Maybe() : Pick<bool?>(null, family.Bias);
        m.TieEmbeddings = Maybe();
    }

    private void Training(Recipe r)
    {
        var t = r.Training;
        switch (random.Next(3))
        {
            case 0: t.MaxSteps = Long(); break;
            case 1: t.MaxTokens = Long(); break;
            default: t.Epochs = Magnitude(); break;
        }
        int batch = random.Next(1, 1000);
        t.BatchSize = batch;
        t.GradientAccumulation = random.Next(1, 1000);
        t.Optimizer = Pick<OptimizerOptions>(new AdamWOptions { LearningRate = Magnitude(), Betas = (Share(), random.Next(2) == 0 ? 0 : Share()), Epsilon = Magnitude(), WeightDecay = Magnitude() },
            new SgdOptions { LearningRate = Magnitude(), Momentum = Share(), MomentumForm = Pick("pytorch", "classical"), Nesterov = random.Next(2) == 0 },
            new AdagradOptions { LearningRate = Magnitude(), EpsilonInRoot = random.Next(2) == 0 }, new NAdamOptions { LearningRate = Magnitude(), MomentumDecay = Magnitude() });
        t.ParameterGroups = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new ParameterGroupOptions
        {
            Match = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Text() + "*")], LearningRateFactor = Magnitude(),
            WeightDecay = random.Next(2) == 0 ? null : Magnitude(), Frozen = random.Next(2) == 0,
        })];
        t.LayerDecay = Share();
        double floor = t.Optimizer.LearningRate * random.NextDouble();
        t.Schedule = Pick<ScheduleOptions>(new ConstantOptions(), new LinearOptions { MinLearningRate = floor },
            new CosineOptions { MinLearningRate = floor });
        long steps = t.MaxSteps ?? (t.MaxTokens is { } tokens
            ? (tokens - 1) / ((long)batch * t.GradientAccumulation * r.Model.ContextLength) + 1 : long.MaxValue);
        t.Schedule.WarmupSteps = random.Next(2) == 0 ? 0 : random.NextInt64(steps);
        t.GradientClip = random.Next(4) switch
        {
            0 => null,
            1 => new AdaptiveClipOptions { MaxRatio = Magnitude(), ClipHead = random.Next(2) == 0 },
            2 => new StatisticalClipOptions { WarmupSteps = random.Next(2, 100), Max = random.Next(2) == 0 ? null : Magnitude() },
            _ => (ClipperOptions)Magnitude(),
        };
        t.Penalty = Pick<PenaltyOptions?>(null, new L1PenaltyOptions { Strength = Magnitude(), Match = [Text() + "*"] },
            new ElasticNetPenaltyOptions { L1 = Magnitude(), Exclude = [Text() + "b", "*.c"] });
        t.Stop = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Pick<StoppingOptions>(new PatienceOptions { Evaluations = random.Next(1, 100) },
            new PatienceOptions { Metric = "loss", Mode = Pick("auto", "min", "max"), MinChange = Magnitude(), Relative = true, StartStep = Long() },
            new GoalOptions { Condition = $"  validation_accuracy>={Share()} for 2 times" }, new GuardOptions { Condition = "gradient_norm is not finite" }))];
        t.Best = Pick(null, new BestOptions(), new BestOptions { Metric = Pick("none", "validation_accuracy"), Mode = "max" });
        t.Average = random.Next(3) switch
        {
            0 => null,
            1 => new ExponentialAverageOptions { Decay = random.NextDouble(), Warmup = random.Next(2) == 0 },
            _ => new StochasticAverageOptions { Start = random.NextDouble(), Every = Long() },
        };
        t.LabelSmoothing = random.Next(2) == 0 ? 0 : Share();
        t.ZLoss = random.Next(2) == 0 ? 0 : Share();
        t.EvalEvery = Long();
        t.EvalTokens = random.Next(2) == 0 ? null : Long();
        t.SaveEvery = Long();
        t.Keep = random.Next(1, int.MaxValue);
        t.Seed = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        t.Precision = Pick("auto", "fp32", "bf16");
        t.Threads = random.Next(4096);
        if (random.Next(2) == 0) Policy(t, r.Model.ContextLength);
    }

    private void Policy(TrainingOptions t, int context)
    {
        int number = random.Next(1, 1000), step = random.Next(1, 50);
        int? micro = random.Next(2) == 0 ? null : random.Next(1, 1000);
        t.GradientAccumulation = 1;
        t.BatchSize = Pick<BatchPolicyOptions>(new AllBatchOptions { MicroBatch = number },
            new RandomBatchOptions { Min = number, Max = number + step, MultipleOf = step, MicroBatch = micro },
            new RampBatchOptions { From = number, To = number + step * random.Next(1, 9), Increment = step, Tokens = Long(), MicroBatch = micro },
            new TokenBatchOptions { Size = context * number, MicroBatch = micro * context, BucketWindow = number });
    }

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
    private bool? Maybe() => Pick<bool?>(null, true, false);
    private long Long() => random.Next(8) == 0 ? long.MaxValue : 1 + (random.NextInt64() >> random.Next(63));
    private double Share() => Math.Max(double.Epsilon, random.NextDouble());
    private double Magnitude() =>
        random.Next(4) == 0 ? random.Next(1, 100) : Math.Max(double.Epsilon, random.NextDouble() * Math.Pow(10, random.Next(-300, 300)));

    private string Name() =>
        "n" + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => Pick("a", "1", "-", " ", "é", "𝄞", "#", "'", "{", "."))) + "z";

    // Words, numbers, marks and characters that YAML could take for something else.
    private string Text() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pick(
        "", "a", "Zürich", "true", "null", "~", "1e5", "0x1F", "-", ": ", " #", "\n", "\r", "\t", "\"", "'", "\\", "{", "]", ",", "*a", "&b",
            "!c", "|", ">", "%", "@", "`",
        "𝄞", "日本", "\u0085", "\u00A0", "\u2028", "\uFEFF", "\u0001", "\u007F", "\u200B", " ", "=", "<<", "---", "...", "\uFFFE")));
}
