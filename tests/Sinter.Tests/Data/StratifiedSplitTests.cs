using Sinter.Data.Examples;

namespace Sinter.Tests.Data;

public sealed class StratifiedSplitTests
{
    [Fact]
    public void Each_label_keeps_its_share()
    {
        var examples = Many(("a", 1000), ("b", 100), ("c", 10), ("d", 1));
        var (train, validation) = StratifiedSplit.Split(examples, 0.2, 1);
        Assert.Equal(examples.Count, train.Count + validation.Count);
        Assert.Equal([("a", 200), ("b", 20), ("c", 2)], validation.CountBy(e => e.Labels[0]).Select(c => (c.Key, c.Value)));
        Assert.Single(train, e => e.Labels[0] == "d");
    }

    [Fact]
    public void Neither_order_nor_what_is_added_moves_the_others()
    {
        var examples = Many(("a", 300), ("b", 60));
        var (_, before) = StratifiedSplit.Split(examples, 0.1, 3);
        var (_, reversed) = StratifiedSplit.Split([.. examples.AsEnumerable().Reverse()], 0.1, 3);
        Assert.Equal(before.ToHashSet(), [.. reversed]);
        var (_, more) = StratifiedSplit.Split([.. examples, .. Enumerable.Range(0, 10).Select(i => Of($"new {i}", "a"))], 0.1, 3);
        Assert.InRange(before.Count(e => !more.Contains(e)), 0, 2);
        var (_, other) = StratifiedSplit.Split(examples, 0.1, 4);
        Assert.InRange(before.Count(other.Contains), 0, before.Count / 2);
    }

    [Fact]
    public void What_belongs_together_stays_together()
    {
        List<Example> examples = [.. Enumerable.Range(0, 600).Select(i => Of($"text {i % 200}", i % 3 == 0 ? "a" : "b"))];
        var (train, validation) = StratifiedSplit.Split(examples, 0.25, 1);
        Assert.Empty(train.Select(e => e.Text).Intersect(validation.Select(e => e.Text)));
        Assert.Equal(150, validation.Count, 3.0);
    }

    [Fact]
    public void A_set_counts_for_its_rarest_label()
    {
        List<Example> examples = [.. Enumerable.Range(0, 400).Select(i => new Example($"t{i}", null) { Labels = i % 40 == 0 ? ["often", "seldom"] : i % 8 == 0 ? [] : ["often"] })];
        var (_, validation) = StratifiedSplit.Split(examples, 0.2, 9);
        Assert.Equal(2, validation.Count(e => e.Labels.Contains("seldom")));
        Assert.Equal(8, validation.Count(e => e.Labels.Count == 0));
    }

    [Fact]
    public void Too_few_are_refused() =>
        Assert.Contains("2 examples are too few", Assert.Throws<DataException>(() => StratifiedSplit.Split([Of("t", "a"), Of("u", "b")], 0.1, 1)).Message, StringComparison.Ordinal);

    private static Example Of(string text, string label) => new(text, null) { Labels = [label] };

    private static List<Example> Many(params (string Label, int Count)[] labels) =>
        [.. labels.SelectMany(l => Enumerable.Range(0, l.Count).Select(i => Of($"{l.Label} {i}", l.Label)))];
}
