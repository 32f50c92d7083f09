using Sinter.Data;

namespace Sinter.Tests.Data;

public sealed class PackedRowsTests
{
    [Fact]
    public void Each_text_goes_into_the_row_that_it_leaves_the_least_room_in()
    {
        PackedRows rows = new(new Lengths(10, [3, 7, 6, 4, 10, 2, 1]), [0, 1, 2, 3, 4, 5, 6], packs: true);
        Assert.Equal([[4L], [1, 0], [2, 3], [5, 6]], Texts(rows));
        Assert.Equal([10, 10, 10, 3], Enumerable.Range(0, 4).Select(i => rows.LengthOf(i)));
    }

    [Fact]
    public void A_row_has_its_texts_as_segments_and_padding_as_one_more()
    {
        Lengths texts = new(8, [2, 3, 1]);
        PackedRows rows = new(texts, [0, 1, 2], packs: true);
        int[] inputs = new int[8], targets = new int[8], segments = new int[8];
        Assert.Equal(6, rows.Fill(0, new SequenceRow(inputs, targets) { Segments = segments }));
        Assert.Equal([10, 11, 12, 0, 1, 20, 0, 0], inputs);
        Assert.Equal([11, 12, 13, 1, 2, 21, ISequences.IgnoredTarget, ISequences.IgnoredTarget], targets);
        Assert.Equal([0, 0, 0, 1, 1, 2, 3, 3], segments);
    }

    [Fact]
    public void A_pass_has_every_text_once_and_the_order_is_the_seeds()
    {
        int[] lengths = [.. Enumerable.Range(0, 500).Select(i => 1 + i * 7919 % 64)];
        RowSampler first = new(new Lengths(64, lengths), true, 5, null), again = new(new Lengths(64, lengths), true, 5, null), other = new(new Lengths(64, lengths), true, 6, null);
        List<int> pass = Starts(first, 0), next = Starts(first, first.PerPass);
        Assert.Equal(Enumerable.Range(0, 500), pass.Order());
        Assert.Equal(Enumerable.Range(0, 500), next.Order());
        Assert.NotEqual(pass, next);
        Assert.NotEqual(pass, Starts(other, 0));
        // Asked for in the middle, as by a run that is resumed.
        Assert.Equal(Row(first, first.PerPass + 7), Row(again, again.PerPass + 7));
        Assert.Equal(lengths.Sum(), first.TargetsOf(0, first.PerPass));
        Assert.Equal(lengths.Sum() + first.TargetsOf(0, 3), first.TargetsOf(first.PerPass, first.PerPass) + Enumerable.Range(0, 3).Sum(i => first.TargetsOf(i, 1)));
        Assert.True((double)lengths.Sum() / (64 * first.PerPass) > 0.99, "best-fit leaves almost no room among many lengths");
    }

    [Fact]
    public void Validation_has_every_text_once_and_the_longest_row_first()
    {
        RowValidation all = new(new Lengths(16, [5, 16, 9, 7, 2]), true, null), some = new(new Lengths(16, [5, 5, 5, 5]), false, 10);
        Assert.Equal((39L, 3L), (all.Targets, all.Count));
        Assert.Equal([16, 16, 7], Enumerable.Range(0, 3).Select(i => all.WidthOf(i)));
        Assert.Equal((10L, 2L, false), (some.Targets, some.Count, some.HasSegments));
    }

    private static List<long[]> Texts(PackedRows rows) => [.. Enumerable.Range(0, (int)rows.Count).Select(i => rows.TextsOf(i).ToArray())];

    private static List<int> Starts(RowSampler sampler, long from) =>
        [.. Enumerable.Range(0, (int)sampler.PerPass).SelectMany(i => Row(sampler, from + i)).Where(t => t % 10 == 0).Select(t => t / 1000)];

    private static int[] Row(RowSampler sampler, long number)
    {
        int width = sampler.WidthOf(number);
        int[] inputs = new int[width];
        sampler.Fill(number, new SequenceRow(inputs, new int[width]) { Segments = new int[width] });
        return inputs;
    }

    /// <summary>Text i has the tokens 1000 i, 1000 i + 1, …; with short ones 10 i, so that they are easily read.</summary>
    private sealed class Lengths(int context, int[] lengths) : ITextSequences
    {
        private readonly int _step = lengths.Length > 10 ? 1000 : 10;

        public int ContextLength => context;

        public long Count => lengths.Length;

        public int LengthOf(long sequence) => lengths[sequence];

        public int TargetsOf(long sequence) => lengths[sequence];

        public string PlaceOf(long sequence) => $"text {sequence}";

        public int Fill(long sequence, Span<int> inputs, Span<int> targets)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                int token = (int)sequence * _step + (_step > 10 && i > 0 ? i % 9 + 1 : i);
                (inputs[i], targets[i]) = (token, token + 1);
            }
            return inputs.Length;
        }
    }
}
