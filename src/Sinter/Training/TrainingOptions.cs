using Sinter.Optimizers;
using Sinter.Schedules;

namespace Sinter.Training;

/// <summary>How long and how to train.</summary>
public sealed class TrainingOptions
{
    /// <summary>Optimizer steps; exactly one of this, <see cref="MaxTokens"/> and <see cref="Epochs"/> is set.</summary>
    public long? MaxSteps { get; set; }

    /// <summary>Training tokens, rounded up to whole steps.</summary>
    public long? MaxTokens { get; set; }

    /// <summary>Passes over the training tokens, rounded up to whole steps. With epochs every window is seen once per pass, in shuffled order;
    /// otherwise windows start at random offsets.</summary>
    public double? Epochs { get; set; }

    /// <summary>Sequences in a micro-batch.</summary>
    public int BatchSize { get; set; } = 12;

    /// <summary>Micro-batches in a step.</summary>
    public int GradientAccumulation { get; set; } = 1;

    /// <summary>The update rule.</summary>
    public OptimizerOptions Optimizer { get; set; } = new AdamWOptions();

    /// <summary>The learning rate over time.</summary>
    public ScheduleOptions Schedule { get; set; } = new CosineOptions();

    /// <summary>The largest global gradient norm; larger gradients are scaled down to it. Null is no clipping.</summary>
    public double? GradientClip { get; set; } = 1.0;

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

    /// <summary><c>auto</c>, <c>fp32</c> or <c>bf16</c> (float32 storage, bfloat16 matrix products).</summary>
    public string Precision { get; set; } = "auto";

    /// <summary>Threads; 0 is all processors.</summary>
    public int Threads { get; set; }
}
