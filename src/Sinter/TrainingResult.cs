namespace Sinter;

/// <summary>How a run ended.</summary>
public enum TrainingOutcome
{
    /// <summary>It is complete.</summary>
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
    /// <summary>The finished model, a Hugging Face folder.</summary>
    public string ModelFolder => Path.Combine(RunFolder, "model");
}
