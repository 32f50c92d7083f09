namespace Sinter.Data.Examples;

/// <summary>A text, or a pair of them, with what is to be predicted.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text of a pair; null where there is none.</param>
public sealed record Example(string Text, string? Pair)
{
    /// <summary>The labels: one, or a set; none where numbers are predicted.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The numbers; none where labels are predicted.</summary>
    public IReadOnlyList<float> Values { get; init; } = [];

    /// <summary>What stays together in a split, since one of it shows the others: the text itself, unless a source knows better.</summary>
    public string Group { get => field ?? (Pair is null ? Text : $"{Text}\0{Pair}"); init; }

    /// <summary>Where it is from: <c>file:line</c>.</summary>
    public string Place { get; init; } = "";
}
