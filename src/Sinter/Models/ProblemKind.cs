namespace Sinter.Models;

/// <summary>What a classifier predicts of a text.</summary>
public enum ProblemKind
{
    /// <summary>One label of several: <c>single_label_classification</c>.</summary>
    SingleLabel,
    /// <summary>Each label yes or no: <c>multi_label_classification</c>.</summary>
    MultiLabel,
    /// <summary>Numbers: <c>regression</c>.</summary>
    Regression,
}
