using Sinter.Data;
using Sinter.Data.Examples;

namespace Sinter.Tests.Tasks;

public sealed class ExampleSequenceTests
{
    private static readonly EncodedExamples Three = new EncodedExamples([5, 6, 7, 8, 9, 10], [0, 1, 4, 6], ["a:1", "a:2", "a:3"]).With([2, 0, 1]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_label_stands_where_the_text_is_read(bool poolsLast)
    {
        var validation = new ExampleValidation(Three, new ExampleForm(poolsLast, HidesPadding: !poolsLast), null);
        Assert.Equal([1L, 2, 0], Enumerable.Range(0, 3).Select(i => validation.ExampleOf(i)));
        int[] inputs = new int[4], targets = new int[4], segments = new int[4];
        Assert.Equal(1, validation.Fill(1, new SequenceRow(inputs, targets) { Segments = segments }));
        Assert.Equal([9, 10, 0, 0], inputs);
        Assert.Equal(poolsLast ? [-100, 1, -100, -100] : [1, -100, -100, -100], targets);
        Assert.Equal(poolsLast ? [0, 0, 0, 0] : [0, 0, 1, 1], segments);
    }

    [Fact]
    public void A_pass_has_each_example_once_in_an_order_of_its_own()
    {
        var examples = Many(97);
        ExampleSampler sampler = new(examples, new ExampleForm(true, false), 8, 7, new LengthBuckets(32, 24)), again = new(examples, new ExampleForm(true, false), 8, 7, new LengthBuckets(32, 24));
        int[] passes = [.. Enumerable.Range(0, 3 * 97).Select(i => First(sampler, i))];
        foreach (var pass in passes.Chunk(97)) Assert.Equal(Enumerable.Range(0, 97), pass.Order());
        Assert.NotEqual(passes[..97], passes[97..194]);
        Assert.Equal(passes[200], First(again, 200));
        Assert.Equal(50, sampler.TargetsOf(13, 50));
        Assert.Equal(examples.ValuesOf(0).Length, sampler.ValueCount);
    }

    [Fact]
    public void A_limit_spreads_evenly()
    {
        var validation = new ExampleValidation(Many(100), new ExampleForm(true, false), 45);
        Assert.Equal(10, validation.Count);
        Assert.Equal(10, validation.Targets);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 10L * i), Enumerable.Range(0, 10).Select(i => validation.ExampleOf(i)).Order());
    }

    private static EncodedExamples Many(int count)
    {
        int[] starts = [0, .. Enumerable.Range(0, count).Select(i => 2 + i % 6)];
        for (int i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        int[] tokens = new int[starts[^1]];
        for (int i = 0; i < count; i++) tokens[starts[i]] = i;
        return new EncodedExamples(tokens, starts, new string[count]).With(new int[count]);
    }

    private static int First(ExampleSampler sampler, long sequence)
    {
        int[] inputs = new int[8], targets = new int[8];
        sampler.Fill(sequence, new SequenceRow(inputs, targets));
        return inputs[0];
    }
}
