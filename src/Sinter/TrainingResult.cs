using Sinter.Training.Stopping;

namespace Sinter;

/// <summary>How a run ended.</summary>
public enum TrainingOutcome
{
    /// <summary>It is complete: at its last step, or where a stopping rule said so.</summary>
    Completed,
    /// <summary>It was stopped and saved; resume it to go on.</summary>
    Stopped,
    /// <summary>It had been complete before; nothing was changed.</summary>
    AlreadyComplete,
}

/// <summary>What a run came to.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="RunFolder">Its folder, absolute.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">The loss of the last step; NaN if there was none.</param>
/// <param name="ValidationLoss">The last validation loss; null if there was none.</param>
/// <param name="ValidationAccuracy">The last validation accuracy; null if there was none.</param>
public sealed record TrainingResult(TrainingOutcome Outcome, string RunFolder, long Step, double Loss, double? ValidationLoss, double? ValidationAccuracy)
{
    /// <summary>The evaluation whose weights the finished model has; null where they are simply the last step's.</summary>
    public BestStep? Best { get; init; }

    /// <summary>Why the run is complete before its last step; null where no stopping rule ended it.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>The finished model, a Hugging Face folder.</summary>
    public string ModelFolder => Path.Combine(RunFolder, "model");
}
