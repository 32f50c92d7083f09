namespace Sinter.Data.Examples;

/// <summary>What an example is to predict.</summary>
public enum ExampleTarget
{
    /// <summary>Nothing: what is given to a finished model.</summary>
    None,
    /// <summary>One label.</summary>
    Label,
    /// <summary>A set of labels, which may be empty.</summary>
    LabelSet,
    /// <summary>Numbers.</summary>
    Numbers,
}

/// <summary>Which columns of a table are what.</summary>
/// <param name="Text">The text's.</param>
/// <param name="Pair">The second text's; null where there is none.</param>
/// <param name="Target">What is predicted.</param>
/// <param name="Targets">Its column; for numbers one of each.</param>
public sealed record ExampleColumns(string Text, string? Pair, ExampleTarget Target, IReadOnlyList<string> Targets)
{
    /// <summary>What stands between the labels of a set that is one text, as in a <c>.csv</c> file; a <c>.jsonl</c> file may have a list.</summary>
    public string Separator { get; init; } = "|";

    /// <summary>All of them, in the order of <see cref="TableRow.Cells"/>.</summary>
    internal IReadOnlyList<string> All => [Text, .. Pair is null ? [] : new[] { Pair }, .. Targets];
}
