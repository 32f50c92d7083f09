namespace Sinter.Data;

/// <summary>The validation texts, a text or several in a row; the longest row first. With a limit the texts are spread evenly over the part, the same ones each
/// time.</summary>
internal sealed class RowValidation : IValidationSequences
{
    private readonly PackedRows _rows;
    private readonly long[] _longestFirst;

    /// <summary>Chooses the texts and lays them into rows.</summary>
    /// <param name="texts">The texts; at least one.</param>
    /// <param name="packs">Whether texts share rows.</param>
    /// <param name="maxTokens">About how many targets to evaluate at most, at least those of one text; null is all.</param>
    public RowValidation(ITextSequences texts, bool packs, long? maxTokens)
    {
        long all = 0;
        for (long i = 0; i < texts.Count; i++) all += texts.TargetsOf(i);
        double share = Math.Min(1, (double)(maxTokens ?? long.MaxValue) / Math.Max(1, all));
        long count = Math.Clamp((long)(share * texts.Count), 1, texts.Count);
        _rows = new(texts, [.. Enumerable.Range(0, checked((int)count)).Select(i => i * texts.Count / count)], packs);
        _longestFirst = [.. Enumerable.Range(0, (int)_rows.Count).Select(i => (long)i).OrderByDescending(_rows.LengthOf)];
    }

    /// <inheritdoc/>
    public long Count => _rows.Count;

    /// <inheritdoc/>
    public long Targets => _rows.Targets;

    /// <inheritdoc/>
    public bool HasSegments => _rows.Packs;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _rows.LengthOf(_longestFirst[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _rows.Fill(_longestFirst[sequence], row);
}
