using Sinter.Data.Examples;

namespace Sinter.Tests.Data;

public sealed class ExampleReaderTests : IDisposable
{
    private static readonly ExampleColumns Labels = new("text", null, ExampleTarget.Label, ["label"]);
    private static readonly ExampleColumns Sets = Labels with { Target = ExampleTarget.LabelSet };
    private static readonly ExampleColumns Numbers = new("a", "b", ExampleTarget.Numbers, ["x", "y"]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_of_json_become_examples_and_blank_ones_do_not()
    {
        _folder.File("a.jsonl", """
            {"text": "one", "label": "yes", "other": [1]}

            {"label": 1, "text": "two\nlines"}
            {"label": true, "text": "three"}
            """);
        var examples = Read(Labels, "a.jsonl");
        Assert.Equal(["one", "two\nlines", "three"], examples.Select(e => e.Text));
        Assert.Equal(["yes", "1", "true"], examples.Select(e => Assert.Single(e.Labels)));
        Assert.Equal($"{Path.Combine(_folder.Path, "a.jsonl")}:3", examples[1].Place);
    }

    [Fact]
    public void Delimited_files_have_quoted_fields_over_lines()
    {
        _folder.File("a.csv", "label,text\r\nyes,\"one, \"\"two\"\"\nthree\"\r\n\r\nno,it's 5\" wide\r\n");
        _folder.File("b.tsv", "text\tlabel\none, two\tyes\n\"a\tb\"\tno\n");
        var examples = Read(Labels, "a.csv", "b.tsv");
        Assert.Equal(["one, \"two\"\nthree", "it's 5\" wide", "one, two", "a\tb"], examples.Select(e => e.Text));
        Assert.Equal(["2", "5", "2", "3"], examples.Select(e => e.Place[(e.Place.LastIndexOf(':') + 1)..]));
    }

    [Fact]
    public void Sets_are_lists_or_texts_with_separators()
    {
        _folder.File("a.jsonl", """
            {"text": "t", "label": ["b", "a", "b"]}
            {"text": "t", "label": []}
            {"text": "t", "label": null}
            {"text": "t", "label": "a | c"}
            """);
        _folder.File("b.csv", "text,label\nt,a|b\nt,\nt,a\n");
        Assert.Equal([["b", "a"], [], [], ["a", "c"], ["a", "b"], [], ["a"]], Read(Sets, "a.jsonl", "b.csv").Select(e => e.Labels));
    }

    [Fact]
    public void Pairs_and_numbers()
    {
        _folder.File("a.jsonl", """{"a": "p", "b": "q", "x": 1.5, "y": "-2e-3"}""");
        var example = Assert.Single(Read(Numbers, "a.jsonl"));
        Assert.Equal(("p", "q"), (example.Text, example.Pair));
        Assert.Equal([1.5f, -2e-3f], example.Values);
    }

    [Fact]
    public void Every_bad_line_is_named()
    {
        string file = _folder.File("a.jsonl", """
            {"text": "good", "label": "a"}
            {"text": "t"}
            {"text": "  ", "label": "a"}
            {"text": "t", "label": {"x": 1}}
            {"text": "t", "label": ["a", "b"]}
            {"text": "t", "label": "a"
            {"text": "t", "text": "u", "label": "a"}
            [1]
            {"text": "t", "label": null}
            """);
        var lines = Error(Labels, "a.jsonl").Split('\n');
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], lines.Select(l => int.Parse(l[(file.Length + 1)..].Split(':')[0], null)));
        Assert.Contains("no 'label'; it has text", lines[0], StringComparison.Ordinal);
        Assert.Contains("'text' is empty", lines[1], StringComparison.Ordinal);
        Assert.Contains("'label' holds an object", lines[2], StringComparison.Ordinal);
        Assert.Contains("'label' has 2 items", lines[3], StringComparison.Ordinal);
        Assert.Contains("'label' is empty", lines[7], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_bad_lines_the_first_are_named_and_the_rest_counted()
    {
        _folder.File("a.csv", "text,label\n" + string.Concat(Enumerable.Repeat("t,a,b\n", 45)));
        var lines = Error(Labels, "a.csv").Split('\n');
        Assert.Equal(21, lines.Length);
        Assert.Equal("and 25 lines more", lines[^1]);
        Assert.Contains("a.csv:2: the line has more or fewer fields", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,x,y\np,q,1,nan\n", "a.csv:2: 'y' is 'nan', which is no finite number")]
    [InlineData("a,b,x,y\np,q,1,1e99\n", "a.csv:2: 'y' is '1e99', which is no finite number")]
    [InlineData("a,b,x,y\np,q,,1\n", "a.csv:2: 'x' is empty")]
    [InlineData("a,b,x\np,q,1\n", "a.csv:1: the header has no column 'y'; it has a, b, x")]
    [InlineData("a,b,x,y,b\np,q,1,2,3\n", "a.csv:1: the header has the column 'b' twice")]
    [InlineData("a,b,x,y\np,\"q,1,2\np,q,1,2\n", "a.csv:2: a field begins with a quote that is never closed")]
    [InlineData("a,b,x,y\np,\"q\" r,1,2\n", "a.csv:2: there is text behind a closing quote")]
    [InlineData("", "a.csv: the file is empty")]
    [InlineData("a,b,x,y\n", "there is no example in it")]
    public void Bad_tables(string content, string expected)
    {
        _folder.File("a.csv", content);
        Assert.Contains(expected, Error(Numbers, "a.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_tables_are_refused()
    {
        _folder.File("a.txt", "x");
        _folder.File("b.csv", [0x61, 0x2C, 0xFF, 0x0A]);
        Assert.Contains("the extension '.txt' is not supported; use .jsonl, .csv, .tsv", Error(Labels, "a.txt"), StringComparison.Ordinal);
        Assert.Contains("byte 0xFF at offset 2 is not UTF-8", Error(Labels, "b.csv"), StringComparison.Ordinal);
        Assert.Contains("neither a file nor a folder", Error(Labels, "c.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_many_pieces_is_read_whole()
    {
        string long1 = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"wört {i}\n"));
        _folder.File("a.csv", $"text,label\n\"{long1}\",a\nlast,b\n");
        Assert.Equal([long1, "last"], Read(Labels, "a.csv").Select(e => e.Text));
    }

    [Fact]
    public void Labels_are_those_of_the_examples_in_order()
    {
        Example[] train = [new("t", null) { Labels = ["b"] }, new("u", null) { Labels = ["a", "c"] }];
        var labels = LabelSet.Of(train);
        Assert.Equal(["a", "b", "c"], labels.Names);
        Assert.Equal((0, 1, 2, -1), (labels.NumberOf("a"), labels.NumberOf("b"), labels.NumberOf("c"), labels.NumberOf("d")));
        labels.Require(train, "the labels trained on");
        var error = Assert.Throws<DataException>(() => labels.Require([new("v", null) { Labels = ["d"], Place = "v.csv:7" }], "the labels trained on"));
        Assert.Equal("v.csv:7: the label 'd' is none of the labels trained on: a, b, c", error.Message);
    }

    private List<Example> Read(ExampleColumns columns, params string[] files) =>
        ExampleReader.Read("data.text", files, columns, _folder.Path, TestContext.Current.CancellationToken);

    private string Error(ExampleColumns columns, params string[] files) => Assert.Throws<DataException>(() => Read(columns, files)).Message;
}
