using Sinter.Data;

namespace Sinter.Tests.Data;

public sealed class TextSourcesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_folders_and_globs_come_in_ordinal_order()
    {
        foreach (string name in (string[])["b.txt", "a.md", "B.txt", "x/c.txt", "x/y/d.TXT", "x/skip.bin", ".git/e.txt", "x/.hidden.txt"])
            _folder.File(name, name + ";");
        Assert.Equal("B.txt;a.md;b.txt;x/c.txt;x/y/d.TXT;", All("."));
        Assert.Equal("x/c.txt;x/y/d.TXT;", All("x"));
        Assert.Equal("b.txt;a.md;", All("b.txt", "a.md", "./b.txt"));
        Assert.Equal("B.txt;b.txt;", All("*.txt"));
        Assert.Equal("B.txt;b.txt;x/c.txt;", All("**/*.txt"));
        Assert.Equal("x/c.txt;", All("x/?.*"));
        Assert.Equal("x/y/d.TXT;", All("*/*/*"));
        Assert.Equal("x/y/d.TXT;", All("**/**/y/**"));
        Assert.Equal("x/.hidden.txt;", All("x/.*.txt"));
        Assert.Equal("x/c.txt;", All(Path.Combine(_folder.Path, "x", "*.txt")));
    }

    [Fact]
    public void A_linked_folder_that_leads_back_is_not_followed()
    {
        _folder.File("x/a.txt", "a");
        try { Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "x", "loop"), _folder.Path); }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException) { Assert.Skip("this system makes no symbolic links: " + e.Message); }
        Assert.Equal("a", All("."));
    }

    [Theory]
    [InlineData("missing.txt", "'missing.txt' is neither a file nor a folder")]
    [InlineData("sdk-dosc", "built-in source (sdk-docs)")]
    [InlineData("*.md", "the pattern '*.md'")]
    [InlineData("table.csv", "the extension '.csv' is not supported; use .txt, .md, .jsonl")]
    [InlineData("csv", "the folder 'csv'")]
    [InlineData("csv", "only 1 of other kinds")]
    [InlineData("", "an item is empty")]
    [InlineData("empty.txt", "empty.txt: the file is empty")]
    [InlineData("bom.txt", "bom.txt: the file is empty")]
    [InlineData("binary.txt", "binary.txt: the file is binary: there is a NUL byte at offset 3")]
    [InlineData("utf16.txt", "utf16.txt: the file is UTF-16")]
    [InlineData("latin.txt", "latin.txt: byte 0xE9 at offset 4 is not UTF-8")]
    [InlineData("cut.txt", "cut.txt: byte 0xF0 at offset 2 is not UTF-8")]
    [InlineData("late.txt", "late.txt: byte 0xFF at offset 1000001 is not UTF-8")]
    [InlineData("bad.jsonl", "bad.jsonl:2: the line is not a JSON object")]
    [InlineData("column.jsonl", "column.jsonl:3: the line has no field 'text' that is a text; it has body, id")]
    [InlineData("number.jsonl", "number.jsonl:1: the line has no field 'text' that is a text; it has text (which is Number)")]
    [InlineData("array.jsonl", "array.jsonl:1: the line is not a JSON object: it does not begin with {")]
    [InlineData("more.jsonl", "more.jsonl:1: the line is not a JSON object")]
    [InlineData("surrogate.jsonl", "surrogate.jsonl:1: the line is not a JSON object")]
    [InlineData("latin.jsonl", "latin.jsonl: byte 0xE9 at offset 27 is not UTF-8")]
    [InlineData("nul.jsonl", "nul.jsonl: the file is binary: there is a NUL byte at offset 1")]
    [InlineData("blank.jsonl", "there is no text in the field 'text'")]
    public void What_is_no_text_is_refused_with_its_place(string item, string expected)
    {
        _folder.File("table.csv", "a,b");
        _folder.File("csv/table.csv", "a,b");
        _folder.File("empty.txt", "");
        _folder.File("bom.txt", [0xEF, 0xBB, 0xBF]);
        _folder.File("binary.txt", "ab\n\0cd");
        _folder.File("utf16.txt", [0xFF, 0xFE, 0x41, 0x00]);
        _folder.File("latin.txt", [0x63, 0x61, 0x66, 0x20, 0xE9, 0x20, 0x41]);
        _folder.File("cut.txt", [0x61, 0x62, 0xF0, 0x9F, 0x98]);
        _folder.File("late.txt", [.. Enumerable.Repeat((byte)'a', 1_000_001), 0xFF]);
        _folder.File("bad.jsonl", "{\"text\":\"a\"}\n{\"text\":\n");
        _folder.File("column.jsonl", "{\"text\":\"a\"}\n\n{\"body\":\"a\",\"id\":1}\n");
        _folder.File("number.jsonl", "{\"text\":1}");
        _folder.File("array.jsonl", "[\"text\"]");
        _folder.File("more.jsonl", "{\"text\":\"a\"} {}");
        _folder.File("surrogate.jsonl", "{\"text\":\"\\ud800\"}");
        _folder.File("latin.jsonl", [.. "{\"text\":\"abcde\"}\n{\"text\":\"a"u8, 0xE9, .. "\"}"u8]);
        _folder.File("nul.jsonl", "{\0}");
        _folder.File("blank.jsonl", "\n \n{\"text\":\"\"}\n");
        DataException error = Assert.Throws<DataException>(() => All(item));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Nothing_named_is_refused() => Assert.Throws<DataException>(() => TextSources.Find(new(), "."));

    [Fact]
    public void An_empty_file_in_a_folder_is_left_out_with_one_warning()
    {
        _folder.File("a.txt", "a");
        _folder.File("b.txt", "");
        Assert.Equal("a", All("."));
        Assert.Contains("b.txt is empty", Assert.Single(_warnings));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        _folder.File("a.txt", [0xEF, 0xBB, 0xBF, (byte)'x']);
        _folder.File("b.jsonl", [0xEF, 0xBB, 0xBF, .. "{\"text\":\"y\"}"u8]);
        Assert.Equal("xy", All("a.txt", "b.jsonl"));
    }

    [Fact]
    public void Long_files_come_in_pieces_that_are_the_file()
    {
        Random random = new(5);
        string[] words = ["word", "😀", "é", "。", "\n", "\n\n", " ", "x1\n", "!\n"];
        string text = string.Concat(Enumerable.Range(0, 700_000).Select(_ => words[random.Next(words.Length)]));
        string path = _folder.File("a.txt", text);
        List<ReadOnlyMemory<char>> pieces = [.. Utf8Files.ReadPieces(path, TestContext.Current.CancellationToken)];
        Assert.Equal(text, string.Concat(pieces));
        Assert.True(pieces.Count > 5);
        foreach ((ReadOnlyMemory<char> before, ReadOnlyMemory<char> after) in pieces.Zip(pieces.Skip(1)))
        {
            Assert.True(char.IsLetterOrDigit(before.Span[^1]));
            Assert.Equal('\n', after.Span[0]);
        }
        string wall = new string('a', 3_000_000) + "😀";
        Assert.Equal(wall, string.Concat(Utf8Files.ReadPieces(_folder.File("b.txt", wall), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Long_lines_of_json_are_read_whole()
    {
        string[] texts = [new('a', 1_000_000), "b", new('c', 300_000), "d"];
        _folder.File("a.jsonl", string.Join("\r\n", texts.Select(t => $"{{\"id\": {{\"text\": \"no\"}}, \"text\": \"{t}\"}}")));
        Assert.Equal(string.Concat(texts), All("a.jsonl"));
    }

    /// <summary>Both parts of all sources, one after the other.</summary>
    private string All(params string[] text) => string.Concat(
        from source in TextSources.Find(new() { Text = text, ValidationFraction = 0.3 }, _folder.Path, _warnings.Add)
        from part in Enum.GetValues<DataPart>()
        from piece in source.Read(part, TestContext.Current.CancellationToken)
        select piece.Text.ToString());
}
