namespace Sinter.Data;

/// <summary>The training texts in passes, a text or several in a row. How texts are packed is a function of the seed, the order of rows one of seed and pass, so a run
/// resumes with the next number. For one thread at a time.</summary>
internal sealed class RowSampler : ITrainingSequences
{
    // "PACK" in ASCII: it keeps this use of the seed apart from the others.
    private const ulong PackStream = 0x5041434BUL << 24;

    private readonly ITextSequences _texts;
    private readonly PackedRows _rows;
    private readonly PassOrder _order;

    /// <summary>Lays the texts into rows.</summary>
    /// <param name="texts">The texts; at least one.</param>
    /// <param name="packs">Whether texts share rows.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="buckets">How rows of similar length are brought together, if they are.</param>
    public RowSampler(ITextSequences texts, bool packs, ulong seed, LengthBuckets? buckets)
    {
        SeededPermutation order = new(texts.Count, seed, PackStream);
        long[] all = new long[texts.Count];
        for (long i = 0; i < all.Length; i++) all[i] = packs ? order[i] : i;
        (_texts, _rows) = (texts, new(texts, all, packs));
        _order = new(_rows, seed, buckets);
    }

    /// <inheritdoc/>
    public int ContextLength => _texts.ContextLength;

    /// <inheritdoc/>
    public long PerPass => _rows.Count;

    /// <inheritdoc/>
    public bool HasOneLength => false;

    /// <inheritdoc/>
    public bool HasSegments => _rows.Packs;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => _rows.LengthOf(_order[sequence]);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row) => _rows.Fill(_order[sequence], row);

    /// <inheritdoc/>
    public long BucketEnd(long sequence) => _order.BucketEnd(sequence);

    /// <inheritdoc/>
    public long TargetsOf(long first, long count)
    {
        long targets = 0, end = first + count;
        while (first < end)
        {
            long passes = first % PerPass == 0 ? (end - first) / PerPass : 0;
            targets += passes > 0 ? passes * _rows.Targets : _rows.TargetsOf(_order[first]);
            first += passes > 0 ? passes * PerPass : 1;
        }
        return targets;
    }

    /// <inheritdoc/>
    public string Describe(long first, long count) =>
        $"the rows {first} to {first + count - 1}, which begin with {_texts.PlaceOf(_rows.TextsOf(_order[first])[0])}";
}
