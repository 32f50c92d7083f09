using Sinter.Models;
using Sinter.Tensors.Profiling;
using Sinter.Training.Stopping;

namespace Sinter.Training;

/// <summary>What happens in a run, in order. Terminal, files and reports only listen to these; none of them is called by the loop by name.</summary>
public abstract record TrainingEvent;

/// <summary>The data is read, the model is built, training begins (or goes on, at <paramref name="FirstStep"/> &gt; 0).</summary>
/// <param name="RunFolder">The run's folder, absolute.</param>
/// <param name="Name">The run's name.</param>
/// <param name="RecipeYaml">The recipe as resolved.</param>
/// <param name="Model">The model's shape.</param>
/// <param name="Parameters">Trained elements.</param>
/// <param name="TrainTokens">Tokens of the training part.</param>
/// <param name="ValidationTokens">Tokens of the validation part.</param>
/// <param name="FirstStep">0, or the step resumed from.</param>
/// <param name="TotalSteps">The step at which the run is complete.</param>
/// <param name="TokensPerStep">Target tokens of a global batch; the mean, where they differ.</param>
/// <param name="Precision"><c>fp32</c> or <c>bf16</c>, as resolved.</param>
/// <param name="InstructionSet">The kernels in use, such as <c>avx512-bf16</c>.</param>
/// <param name="Threads">Threads in use.</param>
public sealed record RunStarted(string RunFolder, string Name, string RecipeYaml, ModelConfig Model, long Parameters, long TrainTokens, long ValidationTokens,
    long FirstStep, long TotalSteps, long TokensPerStep, string Precision, string InstructionSet, int Threads) : TrainingEvent
{
    /// <summary>The best evaluation of the steps before; null where there is none or it is not kept.</summary>
    public BestStep? Best { get; init; }

    /// <summary>Target tokens of the whole run.</summary>
    public long TotalTokens { get; init; } = TotalSteps * TokensPerStep;
}

/// <summary>One optimizer step is done.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="Tokens">Targets seen so far: tokens, or examples where texts are judged.</param>
/// <param name="Loss">Mean cross entropy of the global batch, in nats per target token, before this update.</param>
/// <param name="Accuracy">Share of targets that were the likeliest; NaN where they can only be near.</param>
/// <param name="LearningRate">The learning rate of this update.</param>
/// <param name="GradientNorm">The global norm before clipping.</param>
/// <param name="TokensPerSecond">Of this step.</param>
/// <param name="MemoryBytes">Bytes the device holds.</param>
public sealed record StepCompleted(long Step, long Tokens, double Loss, double Accuracy, double LearningRate, double GradientNorm, double TokensPerSecond,
    long MemoryBytes) : TrainingEvent
{
    /// <summary>The global norm after clipping ÷ the norm before; null where nothing is clipped.</summary>
    public double? ClipFactor { get; init; }

    /// <summary>The penalty on the weights, which <see cref="Loss"/> does not contain; null where there is none.</summary>
    public double? Penalty { get; init; }

    /// <summary>The loss with label smoothing, which <see cref="Loss"/> does not contain; null where labels are not smoothed.</summary>
    public double? SmoothedLoss { get; init; }

    /// <summary>The z-loss, which <see cref="Loss"/> does not contain; null where there is none.</summary>
    public double? ZLoss { get; init; }

    /// <summary>What the step took; 0 where it is not known.</summary>
    public double Seconds { get; init; }

    /// <summary>Sequences of the global batch.</summary>
    public long Sequences { get; init; }

    /// <summary>The share of the positions computed that stood behind the end of short sequences; null where all have one length.</summary>
    public double? Padding { get; init; }
}

/// <summary>The validation part was evaluated after <paramref name="Step"/> steps. Follows the <see cref="StepCompleted"/> of the same step.</summary>
public sealed record Evaluated(long Step, long Tokens, double Loss, double Accuracy, double LearningRate) : TrainingEvent
{
    /// <summary>What the task measures beside loss and accuracy, by the names of <c>metrics.jsonl</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics { get; init; } = [];
}

/// <summary>The evaluation of a step was the best so far; its checkpoint follows and is kept.</summary>
public sealed record NewBest(BestStep Best) : TrainingEvent;

/// <summary>The run is done before its last step, since a stopping rule says so; its checkpoint and the model follow.</summary>
public sealed record StoppedEarly(StopReason Reason) : TrainingEvent;

/// <summary>Text was generated after <paramref name="Step"/> steps.</summary>
public sealed record TextSampled(long Step, string Prompt, string Text) : TrainingEvent;

/// <summary>A checkpoint of <paramref name="Step"/> is about to be written. What listeners keep of the steps so far goes to disk now: a run killed right after the
/// checkpoint, before <see cref="CheckpointSaved"/> is heard, goes on from it and would miss what was still in memory.</summary>
public sealed record CheckpointStarted(long Step) : TrainingEvent;

/// <summary>A checkpoint is complete on disk.</summary>
public sealed record CheckpointSaved(long Step, string Folder) : TrainingEvent;

/// <summary>A phase of the run ended (<c>data</c>, <c>tokenizer</c>, <c>forward and backward</c>, <c>optimizer</c>, <c>evaluation</c>,
/// <c>checkpoint</c> …); seconds are its total so far.</summary>
public sealed record PhaseTime(string Phase, double Seconds) : TrainingEvent;

/// <summary>Where the time and memory of this session's steps went, at its end; only where <see cref="TrainerOptions.Profile"/> asked for it.</summary>
/// <param name="Operations">The steps by operation.</param>
/// <param name="Memory">What the device held.</param>
/// <param name="ProcessBytes">The process's peak.</param>
/// <param name="Phases">The session by phase.</param>
public sealed record Profiled(OpProfile Operations, MemoryUse Memory, long ProcessBytes, IReadOnlyList<PhaseTime> Phases) : TrainingEvent;

/// <summary>What the run is busy with before or between steps, with its share done in [0, 1] where known.</summary>
public sealed record Working(string What, double? Done) : TrainingEvent;

/// <summary>Something the user should know and need not act on at once.</summary>
public sealed record Warned(string Message) : TrainingEvent;

/// <summary>The run stopped before its end, saved at <paramref name="Step"/>.</summary>
public sealed record RunStopped(long Step, string RunFolder) : TrainingEvent;

/// <summary>The run is complete and <c>model/</c> is written.</summary>
public sealed record RunCompleted(long Step, string RunFolder, double Seconds) : TrainingEvent
{
    /// <summary>The step whose weights the model has, where it is not simply the last one's.</summary>
    public BestStep? Best { get; init; }

    /// <summary>Why it is complete before its last step; null where it is not.</summary>
    public StopReason? Stop { get; init; }
}

/// <summary>The run went wrong: a guard, or numbers that are not finite. Its step was not saved; earlier checkpoints are as they were.</summary>
public sealed record RunFailed(string RunFolder, StopReason Reason) : TrainingEvent;

/// <summary>Hears a run's events, on the thread that trains; must be quick.</summary>
public interface ITrainingListener
{
    /// <summary>One event.</summary>
    void On(TrainingEvent e);
}
