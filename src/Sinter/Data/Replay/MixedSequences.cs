namespace Sinter.Data;

/// <summary>
/// New sequences with old ones among them, spread evenly: of the first n, ⌊n · fraction⌋ are old. Which one a number means depends on the number alone, so a run
/// resumes with the next, and any batch policy sees the same order.
/// </summary>
/// <param name="fresh">The new ones.</param>
/// <param name="old">The old ones.</param>
/// <param name="fraction">The share of old ones, in (0, 1).</param>
public sealed class MixedSequences(ITrainingSequences fresh, ITrainingSequences old, double fraction) : ITrainingSequences
{
    /// <inheritdoc/>
    public int ContextLength => Math.Max(fresh.ContextLength, old.ContextLength);

    /// <inheritdoc/>
    public long PerPass => (long)Math.Ceiling(fresh.PerPass / (1 - fraction));

    /// <inheritdoc/>
    public bool HasOneLength => fresh.HasOneLength && old.HasOneLength && fresh.ContextLength == old.ContextLength;

    /// <inheritdoc/>
    public bool HasSegments => fresh.HasSegments;

    /// <summary>Whether a number means an old sequence.</summary>
    public bool IsOld(long sequence) => OldBefore(sequence + 1) > OldBefore(sequence);

    /// <inheritdoc/>
    public int WidthOf(long sequence) => Of(sequence, out long number).WidthOf(number);

    /// <inheritdoc/>
    public int Fill(long sequence, SequenceRow row)
    {
        var source = Of(sequence, out long number);
        if (source.HasSegments == HasSegments) return source.Fill(number, row);
        row.Segments.Clear();
        return source.Fill(number, new SequenceRow(row.Inputs, row.Targets));
    }

    /// <inheritdoc/>
    public long TargetsOf(long first, long count)
    {
        long oldFirst = OldBefore(first), oldCount = OldBefore(first + count) - oldFirst;
        return old.TargetsOf(oldFirst, oldCount) + fresh.TargetsOf(first - oldFirst, count - oldCount);
    }

    /// <inheritdoc/>
    public long BucketEnd(long sequence)
    {
        long end = fresh.BucketEnd(sequence - OldBefore(sequence));
        if (end == long.MaxValue) return end;
        long low = sequence, high = sequence + 1;
        while (high - OldBefore(high) < end) (low, high) = (high, high + 2 * (high - low));
        while (low + 1 < high)
        {
            long middle = low + (high - low) / 2;
            if (middle - OldBefore(middle) < end) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <inheritdoc/>
    public string Describe(long first, long count)
    {
        long oldFirst = OldBefore(first), oldCount = OldBefore(first + count) - oldFirst;
        if (oldCount == 0) return fresh.Describe(first - oldFirst, count);
        string replayed = $"of the replayed text, {old.Describe(oldFirst, oldCount)}";
        return oldCount == count ? replayed : $"{fresh.Describe(first - oldFirst, count - oldCount)}; and {replayed}";
    }

    private long OldBefore(long sequence) => (long)Math.Floor(sequence * fraction);

    private ITrainingSequences Of(long sequence, out long number)
    {
        long before = OldBefore(sequence);
        bool isOld = IsOld(sequence);
        number = isOld ? before : sequence - before;
        return isOld ? old : fresh;
    }
}
