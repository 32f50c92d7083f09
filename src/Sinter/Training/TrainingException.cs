namespace Sinter.Training;

/// <summary>Training went wrong: a loss or gradient that is no number, or what a guard of the recipe forbids. Nothing of that step was kept.</summary>
public sealed class TrainingException : SinterException
{
    /// <inheritdoc/>
    public TrainingException(string message) : base(message) { }
}
