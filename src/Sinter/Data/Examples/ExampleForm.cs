namespace Sinter.Data.Examples;

/// <summary>How an example lies in a row, which the model decides.</summary>
/// <param name="PoolsLast">Whether its last token stands for it, as in models that only look back; else the first one.</param>
/// <param name="HidesPadding">Whether padding needs a segment of its own, since positions would see it otherwise.</param>
public readonly record struct ExampleForm(bool PoolsLast, bool HidesPadding)
{
    /// <summary>Fills an example into a row.</summary>
    /// <returns>The number of targets: 1.</returns>
    internal int Fill(EncodedExamples examples, long example, SequenceRow row)
    {
        var tokens = examples.TokensOf(example);
        tokens.CopyTo(row.Inputs);
        row.Inputs[tokens.Length..].Clear();
        row.Targets.Fill(ISequences.IgnoredTarget);
        row.Targets[PoolsLast ? tokens.Length - 1 : 0] = examples.Labels?[example] ?? 0;
        if (HidesPadding)
        {
            row.Segments[..tokens.Length].Clear();
            row.Segments[tokens.Length..].Fill(1);
        }
        if (examples.Seconds is { } seconds)
        {
            row.Types.Clear();
            row.Types[seconds[example]..tokens.Length].Fill(1);
        }
        examples.ValuesOf(example).CopyTo(row.Values);
        return 1;
    }
}
