namespace Sinter.Models;

/// <summary>What is predicted of a text.</summary>
public enum ProblemKind
{
    /// <summary>One label of several: <c>single_label_classification</c>.</summary>
    SingleLabel,
    /// <summary>Each label yes or no: <c>multi_label_classification</c>.</summary>
    MultiLabel,
    /// <summary>Numbers: <c>regression</c>.</summary>
    Regression,
}

/// <summary>The head of a model that judges whole texts.</summary>
/// <param name="Labels">The labels' names, or those of the numbers, in the order of the head's outputs (<c>id2label</c>).</param>
public sealed record ClassifierConfig(IReadOnlyList<string> Labels)
{
    /// <summary>What is predicted (<c>problem_type</c>).</summary>
    public ProblemKind Problem { get; init; }

    /// <summary>Probability of dropping an element of what the head reads, in encoders (<c>classifier_dropout</c>, <c>seq_classif_dropout</c>); null is the
    /// family's habit.</summary>
    public double? Dropout { get; init; }
}
