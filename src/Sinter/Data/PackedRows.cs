namespace Sinter.Data;

/// <summary>
/// Rows of texts: one text a row, or as many as fit the context. Packing is best-fit decreasing (Johnson, "Near-optimal bin packing algorithms", 1973; for
/// training, Ding et al., "Fewer Truncations Improve Language Modeling", 2024, section 3): the longest text first, each into the row that it leaves the least room in.
/// No text is cut. A row's texts are segments that do not see each other. Safe on several threads.
/// </summary>
internal sealed class PackedRows : ISequenceLengths
{
    private readonly ITextSequences _texts;
    private readonly long[] _order;
    private readonly long[] _starts;
    private readonly int[] _lengths;

    /// <summary>Lays texts into rows.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="order">Which of them, and which comes first of those of one length.</param>
    /// <param name="packs">Whether texts share rows.</param>
    public PackedRows(ITextSequences texts, IReadOnlyList<long> order, bool packs)
    {
        (_texts, Packs) = (texts, packs);
        var rows = packs ? Pack(texts, order) : [.. order.Select(text => new List<long> { text })];
        _order = [.. rows.SelectMany(r => r)];
        _starts = new long[rows.Count + 1];
        _lengths = new int[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            _starts[row + 1] = _starts[row] + rows[row].Count;
            _lengths[row] = rows[row].Sum(texts.LengthOf);
            Targets += rows[row].Sum(text => (long)texts.TargetsOf(text));
        }
    }

    /// <summary>Whether texts share rows.</summary>
    public bool Packs { get; }

    /// <summary>The number of rows.</summary>
    public long Count => _lengths.Length;

    /// <summary>The targets of all rows.</summary>
    public long Targets { get; }

    /// <summary>The positions that a row's texts fill.</summary>
    public int LengthOf(long sequence) => _lengths[sequence];

    /// <summary>The targets of a row.</summary>
    public int TargetsOf(long row)
    {
        int targets = 0;
        foreach (long text in TextsOf(row)) targets += _texts.TargetsOf(text);
        return targets;
    }

    /// <summary>The texts of a row.</summary>
    public ReadOnlySpan<long> TextsOf(long row) => _order.AsSpan((int)_starts[row], (int)(_starts[row + 1] - _starts[row]));

    /// <summary>Fills a row.</summary>
    /// <returns>The number of real targets.</returns>
    public int Fill(long row, SequenceRow to)
    {
        int at = 0, targets = 0, segment = 0;
        foreach (long text in TextsOf(row))
        {
            int length = _texts.LengthOf(text);
            targets += _texts.Fill(text, to.Inputs.Slice(at, length), to.Targets.Slice(at, length));
            if (!to.Segments.IsEmpty) to.Segments.Slice(at, length).Fill(segment++);
            at += length;
        }
        to.Inputs[at..].Clear();
        to.Targets[at..].Fill(ISequences.IgnoredTarget);
        if (!to.Segments.IsEmpty) to.Segments[at..].Fill(segment);
        return targets;
    }

    private static List<List<long>> Pack(ITextSequences texts, IReadOnlyList<long> order)
    {
        List<List<long>> rows = [];
        // By the room that is left: the rows, the newest on top. Rows that are full are not looked for again.
        Stack<int>[] open = [.. Enumerable.Range(0, texts.ContextLength + 1).Select(_ => new Stack<int>())];
        SortedSet<int> rooms = [];
        foreach (long text in order.OrderByDescending(texts.LengthOf))
        {
            int length = texts.LengthOf(text), room = texts.ContextLength, row = rows.Count;
            // The least of an empty set is 0, which is no room.
            if (rooms.GetViewBetween(length, texts.ContextLength).Min is > 0 and int least)
            {
                room = least;
                row = open[room].Pop();
                if (open[room].Count == 0) rooms.Remove(room);
            }
            else rows.Add([]);
            rows[row].Add(text);
            open[room - length].Push(row);
            if (room > length) rooms.Add(room - length);
        }
        return rows;
    }
}
