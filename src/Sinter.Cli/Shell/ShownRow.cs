using Sinter.Data;
using Sinter.Monitoring;

namespace Sinter.Cli.Shell;

/// <summary>A row of a task's data.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Targets">What is predicted at each, or <see cref="ISequences.IgnoredTarget"/>.</param>
/// <param name="Segments">The segment of each; empty where the form has none.</param>
/// <param name="Values">The numbers to predict.</param>
/// <param name="PredictsNext">Whether targets are the tokens behind; else they are labels.</param>
internal sealed record ShownRow(long Number, int[] Tokens, int[] Targets, int[] Segments, float[] Values, bool PredictsNext)
{
    /// <summary>Targets that are not ignored.</summary>
    public int TargetCount => Targets.Count(t => t != ISequences.IgnoredTarget);

    /// <summary>Texts that share the row.</summary>
    public int Texts => Segments.Length == 0 ? 1 : Segments[^1] + 1;

    /// <summary>Reads a row.</summary>
    public static ShownRow Of(ISequences sequences, long number, bool predictsNext)
    {
        int width = sequences.WidthOf(number);
        ShownRow row = new(number, new int[width], new int[width], new int[sequences.HasSegments ? width : 0], new float[sequences.ValueCount], predictsNext);
        sequences.Fill(number, new SequenceRow(row.Tokens, row.Targets) { Segments = row.Segments, Values = row.Values });
        return row;
    }

    /// <summary>Whether the token at a place was to be predicted from those before it.</summary>
    public bool IsLearned(int place) => PredictsNext && place > 0 && Targets[place - 1] == Tokens[place] && (Segments.Length == 0 || Segments[place] == Segments[place - 1]);

    /// <summary>The line above the row.</summary>
    public string Header(string part)
    {
        string learned = !PredictsNext ? Label() : $"{HumanFormat.Count(TargetCount)} of them learned ({HumanFormat.Percent((double)TargetCount / Tokens.Length)})";
        return $"── {part} {Number}: {HumanFormat.Count(Tokens.Length)} tokens, {learned}{(Segments.Length > 0 ? $", {Texts} {(Texts == 1 ? "text" : "texts")} in the row" : "")}";
    }

    private string Label()
    {
        string values = Values.Length > 0 ? $"values {string.Join(", ", Values)}" : "";
        var labels = Targets.Index().Where(t => t.Item != ISequences.IgnoredTarget).Select(t => $"label {t.Item} at token {t.Index}");
        return values.Length > 0 ? values : string.Join(", ", labels);
    }
}
