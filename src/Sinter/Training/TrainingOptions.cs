using Sinter.Optimizers;
using Sinter.Options;
using Sinter.Schedules;
using Sinter.Training.Averaging;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Regularization;
using Sinter.Training.Stopping;
using Sinter.Training.Unfreezing;

namespace Sinter.Training;

/// <summary>How long and how to train.</summary>
public sealed class TrainingOptions
{
    /// <summary>The keys that say how long to train; exactly one is set.</summary>
    internal static IReadOnlyList<string> LengthKeys { get; } = ["max_steps", "max_tokens", "epochs"];

    /// <summary>The keys of <c>training</c> in recipes.</summary>
    public static OptionsSchema<TrainingOptions> Schema { get; } = OptionsSchema.Create<TrainingOptions>(static b =>
    {
        b.OptionalInteger("max_steps", "Optimizer steps; exactly one of this, max_tokens and epochs is set.", o => o.MaxSteps,
            (o, v) => o.MaxSteps = v, 1);
        b.OptionalInteger("max_tokens", "Training tokens, rounded up to whole steps.", o => o.MaxTokens, (o, v) => o.MaxTokens = v, 1);
        b.OptionalNumber("epochs", "Passes over the training tokens, rounded up to whole steps.", o => o.Epochs, (o, v) => o.Epochs = v,
            NumberRange.Positive);
        b.Strategy("batch_size", "The sequences of a micro-batch, or a policy that decides those of a step.", o => o.BatchSize, (o, v) => o.BatchSize = v, BatchPolicyRegistry.All);
        b.Integer("gradient_accumulation", "Micro-batches in a step.", o => o.GradientAccumulation, (o, v) => o.GradientAccumulation = v, 1, 1 << 20);
        b.Boolean("activation_checkpointing",
            "Whether the backward pass computes each block again instead of keeping what is inside: less memory for about a third more time, the same bits.",
            o => o.ActivationCheckpointing, (o, v) => o.ActivationCheckpointing = v);
        b.Strategy("optimizer", "The update rule.", o => o.Optimizer, (o, v) => o.Optimizer = v, OptimizerRegistry.All);
        b.Sections("parameter_groups", "What differs for some parameters, by name; the first item that fits a parameter decides.",
            o => o.ParameterGroups, (o, v) => o.ParameterGroups = v, () => ParameterGroupOptions.Schema);
        b.Number("layer_decay", "Factor of the learning rate from each layer to the one below, from the head at 1 down to the embeddings.",
            o => o.LayerDecay, (o, v) => o.LayerDecay = v, new NumberRange(0, 1, IncludesMinimum: false));
        b.OptionalStrategy("unfreeze", "How more of the model is trained as the run goes on; null trains all of it from the first step.", o => o.Unfreeze, (o, v) => o.Unfreeze = v,
            UnfreezingRegistry.All);
        b.Strategy("schedule", "The learning rate over time.", o => o.Schedule, (o, v) => o.Schedule = v, ScheduleRegistry.All);
        b.OptionalStrategy("gradient_clip", "The largest global gradient norm; larger gradients are scaled down to it. Null is no clipping.",
            o => o.GradientClip, (o, v) => o.GradientClip = v, ClipperRegistry.All);
        b.OptionalStrategy("average", "An average of the weights over steps, which is evaluated and becomes the finished model; null is none.", o => o.Average, (o, v) => o.Average = v,
            WeightAverageRegistry.All);
        b.OptionalStrategy("penalty", "A term of the loss on the weights, logged apart from loss. Null is none.", o => o.Penalty, (o, v) => o.Penalty = v, PenaltyRegistry.All);
        b.Strategies("stop", "What ends the run before its last step.", o => o.Stop, (o, v) => o.Stop = v, static () => StoppingRegistry.All);
        b.OptionalSection("best", "Keeps the best evaluation's checkpoint, whose weights become the finished model. Null does so where a rule of stop is patience, by its metric.",
            o => o.Best, (o, v) => o.Best = v, static () => BestOptions.Schema);
        b.Number("label_smoothing", "The share of the target distribution that goes to all tokens alike; loss stays the plain cross entropy.",
            o => o.LabelSmoothing, (o, v) => o.LabelSmoothing = v, NumberRange.BelowOne);
        b.Number("z_loss", "The factor of log² Z, Z the sum of the exponentials of the logits, which keeps logits from drifting; PaLM has 1e-4.",
            o => o.ZLoss, (o, v) => o.ZLoss = v, new NumberRange(0, 1));
        b.Integer("eval_every", "Steps between evaluations; step 0 and the last step are always evaluated.", o => o.EvalEvery,
            (o, v) => o.EvalEvery = v, 1);
        b.OptionalInteger("eval_tokens", "The most validation tokens of one evaluation, spread evenly; null is all.",
            o => o.EvalTokens, (o, v) => o.EvalTokens = v, 1);
        b.Integer("save_every", "Steps between checkpoints; the last step is always saved.", o => o.SaveEvery, (o, v) => o.SaveEvery = v, 1);
        b.Integer("keep", "How many of the newest checkpoints stay.", o => o.Keep, (o, v) => o.Keep = v, 1);
        b.Integer("seed", "Decides the initial weights, the data order and dropout.", o => o.Seed, (o, v) => o.Seed = v);
        b.Choice("precision", "Matrix products in float32 or in bfloat16; auto is bf16 where the processor has it.",
            o => o.Precision, (o, v) => o.Precision = v, ["auto", "fp32", "bf16"]);
        b.Integer("threads", "Threads; 0 is all processors.", o => o.Threads, (o, v) => o.Threads = v, 0, 4096);
        b.Rule(LengthKeys, OneLength);
        b.Rule(["schedule.warmup_steps", "schedule.warmup", "max_steps"], static o => ScheduleOptions.WarmupError(o.Schedule, o.MaxSteps));
        b.Rule(["schedule", "optimizer.learning_rate", "max_steps"], static o => o.Schedule?.Problem(o.Optimizer?.LearningRate ?? 0, o.MaxSteps));
        b.Rule(["optimizer", "schedule"], static o => o.Schedule is not { MovesMomentum: true } || o.Optimizer is not { HasMomentum: false } ? null
            : $"{o.Optimizer.Name} has no momentum that the schedule's cycle_momentum could move; "
            + "choose an optimizer that has one (adamw, or sgd and rmsprop with momentum above 0), or leave cycle_momentum out");
        b.Rule(["stop", "gradient_clip", "penalty"], StoppingOptions.MissingMetric);
        b.Rule(["gradient_accumulation", "batch_size"], static o => o.GradientAccumulation == 1 || o.BatchSize is not { TakesAccumulation: false } ? null
            : $"has no meaning with batch_size {o.BatchSize.Name}, which decides what a step has and how it is cut; remove it");
        b.Rule(["schedule.min_learning_rate", "optimizer.learning_rate"], static o => o.Schedule?.FloorError(o.Optimizer?.LearningRate));
    });

    /// <summary>Optimizer steps; exactly one of this, <see cref="MaxTokens"/> and <see cref="Epochs"/> is set.</summary>
    public long? MaxSteps { get; set; }

    /// <summary>Training tokens, rounded up to whole steps.</summary>
    public long? MaxTokens { get; set; }

    /// <summary>Passes over the training tokens, rounded up to whole steps. With epochs every window is seen once per pass, in shuffled order;
    /// otherwise windows start at random offsets.</summary>
    public double? Epochs { get; set; }

    /// <summary>The size of batches; a number is the sequences in a micro-batch.</summary>
    public BatchPolicyOptions BatchSize { get; set; } = 12;

    /// <summary>Micro-batches in a step.</summary>
    public int GradientAccumulation { get; set; } = 1;

    /// <summary>Whether the backward pass computes each block again instead of keeping what is inside (Chen et al., 2016).</summary>
    public bool ActivationCheckpointing { get; set; }

    /// <summary>The update rule.</summary>
    public OptimizerOptions Optimizer { get; set; } = new AdamWOptions();

    /// <summary>What differs for some parameters, by name; the first item that fits a parameter decides.</summary>
    public IReadOnlyList<ParameterGroupOptions> ParameterGroups { get; set; } = [];

    /// <summary>Factor of the learning rate from each layer to the one below: the head learns at the full rate, the last layer at this factor of it, the
    /// embeddings slowest.</summary>
    public double LayerDecay { get; set; } = 1;

    /// <summary>The learning rate over time.</summary>
    public ScheduleOptions Schedule { get; set; } = new CosineOptions();

    /// <summary>How gradients are clipped; a number is the largest global norm. Null is no clipping.</summary>
    public ClipperOptions? GradientClip { get; set; } = 1.0;

    /// <summary>A term of the loss on the weights; null is none.</summary>
    public PenaltyOptions? Penalty { get; set; }

    /// <summary>How more of the model is trained as the run goes on; null trains all of it from the first step.</summary>
    public UnfreezingOptions? Unfreeze { get; set; }

    /// <summary>What ends the run before its last step.</summary>
    public IReadOnlyList<StoppingOptions> Stop { get; set; } = [];

    /// <summary>Which step's weights become the finished model; null is the last step's, or, where a rule of <see cref="Stop"/> is patience, the best by its metric.</summary>
    public BestOptions? Best { get; set; }

    /// <summary>ε of label smoothing, in [0, 1): see <see cref="Tensors.Ops.CrossEntropyOptions.LabelSmoothing"/>. Training minimizes the smoothed loss; the
    /// <c>loss</c> of a step, as that of an evaluation, stays the plain cross entropy, and <c>smoothed_loss</c> is logged beside it.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The factor of the z-loss, in [0, 1]: see <see cref="Tensors.Ops.CrossEntropyOptions.ZLoss"/>. Training minimizes it with the loss; it is logged apart,
    /// as <c>z_loss</c>.</summary>
    public double ZLoss { get; set; }

    /// <summary>Steps between evaluations; step 0 and the last step are always evaluated.</summary>
    public long EvalEvery { get; set; } = 250;

    /// <summary>The most validation tokens of one evaluation, spread evenly over the validation part; null is all.</summary>
    public long? EvalTokens { get; set; }

    /// <summary>Steps between checkpoints; the last step is always saved.</summary>
    public long SaveEvery { get; set; } = 500;

    /// <summary>How many of the newest checkpoints stay.</summary>
    public int Keep { get; set; } = 2;

    /// <summary>Decides the initial weights, the data order and dropout.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>An average of the weights, which is evaluated and becomes the finished model; null is none.</summary>
    public WeightAverageOptions? Average { get; set; }

    /// <summary><c>auto</c>, <c>fp32</c> or <c>bf16</c> (float32 storage, bfloat16 matrix products).</summary>
    public string Precision { get; set; } = "auto";

    /// <summary>Threads; 0 is all processors.</summary>
    public int Threads { get; set; }

    private static string? OneLength(TrainingOptions o)
    {
        bool[] isSet = [o.MaxSteps is not null, o.MaxTokens is not null, o.Epochs is not null];
        var set = LengthKeys.Where((_, i) => isSet[i]).ToList();
        return set.Count == 1 ? null
            : set.Count == 0 ? "set one of max_steps, max_tokens and epochs, so that the training ends"
            : $"set one of max_steps, max_tokens and epochs, not {string.Join(" and ", set)} together";
    }
}
