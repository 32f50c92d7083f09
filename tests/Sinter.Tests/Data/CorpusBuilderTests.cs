using System.Text;
using Sinter.Data;
using Sinter.Tests.Text;
using Sinter.Text;

namespace Sinter.Tests.Data;

public sealed class CorpusBuilderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("abcdefghij", 0.1, "abcdefghi", "j")]
    [InlineData("abcdefghijk", 0.1, "abcdefghi", "jk")]
    [InlineData("a😀c😀e😀", 0.5, "a😀c", "😀e😀")]
    [InlineData("ab", 0.9, "", "ab")]
    public void The_first_characters_of_a_file_train(string text, double fraction, string train, string validation)
    {
        _folder.File("a.txt", text);
        DataOptions options = Corpora.Options("characters", "a.txt");
        options.ValidationFraction = fraction;
        using TokenCorpus corpus = Corpora.Build(_folder, options);
        Assert.Equal(train, Corpora.Text(corpus, DataPart.Train));
        Assert.Equal(validation, Corpora.Text(corpus, DataPart.Validation));
        Assert.Equal(text.EnumerateRunes().Distinct().Count(), corpus.Tokenizer.VocabSize);
        Assert.Equal(Encoding.UTF8.GetByteCount(validation), corpus.ValidationBytes);
        Assert.Equal(Encoding.UTF8.GetByteCount(train), corpus.TrainBytes);
    }

    [Fact]
    public void Every_fraction_splits_as_nanoGPT_does()
    {
        _folder.File("a.txt", new string('x', 12_345));
        foreach (double fraction in (double[])[0.01, 0.05, 0.1, 0.2, 0.3, 0.7])
        {
            DataOptions options = Corpora.Options("bytes", "a.txt");
            options.ValidationFraction = fraction;
            using TokenCorpus corpus = Corpora.Build(_folder, options);
            Assert.Equal((long)(12_345 * (1 - fraction)), corpus.Train.Length);
            Assert.Equal(12_345, corpus.Train.Length + corpus.Validation.Length);
        }
    }

    [Fact]
    public void Documents_are_joined_by_a_line_feed_or_the_end_of_text()
    {
        _folder.File("a.txt", "aaaa");
        _folder.File("b.txt", "bbbb");
        _folder.File("c.jsonl", "{\"text\":\"cc\"}\n{\"text\":\"dd\"}\n{\"text\":\"ee\"}\n{\"text\":\"ff\"}\n");
        foreach ((string kind, string joint) in ((string, string)[])[("characters", "\n"), ("bytes", "\n"), ("bpe", "<|endoftext|>")])
        {
            DataOptions options = Corpora.Options(kind, "a.txt", "b.txt", "c.jsonl");
            options.ValidationFraction = 0.25;
            using TokenCorpus corpus = Corpora.Build(_folder, options);
            Assert.Equal($"aaaa{joint}bb{joint}cc{joint}dd{joint}ee", Corpora.Text(corpus, DataPart.Train));
            Assert.Equal($"bb{joint}ff", Corpora.Text(corpus, DataPart.Validation));
            Assert.Equal(kind == "bpe" ? 4 : 5, corpus.ValidationBytes);
        }
    }

    [Fact]
    public void One_file_has_no_separator_and_no_foreign_character()
    {
        _folder.File("a.txt", new string('a', 2_000_000));
        using TokenCorpus characters = Corpora.Build(_folder, Corpora.Options("characters", "a.txt"));
        Assert.Equal(1, characters.Tokenizer.VocabSize);
        Assert.Equal(2_000_000, characters.Train.Length + characters.Validation.Length);
        using TokenCorpus bpe = Corpora.Build(_folder, Corpora.Options("bpe", "a.txt"));
        Assert.DoesNotContain(0, bpe.Train.ToArray(0, (int)bpe.Train.Length));
    }

    [Fact]
    public void A_tokenizer_is_trained_on_the_training_part_alone()
    {
        _folder.File("a.txt", string.Concat(Enumerable.Repeat("ab ", 900)) + string.Concat(Enumerable.Repeat("xy ", 100)));
        using TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("bpe", "a.txt"));
        Assert.Single(corpus.Tokenizer.Encode("ab"));
        Assert.Equal(2, corpus.Tokenizer.Encode("xy").Length);
    }

    [Fact]
    public void Tokens_are_those_of_the_whole_text_however_it_was_cut()
    {
        Random random = new(6);
        string text = string.Concat(Enumerable.Range(0, 60).Select(_ => TokenizerReferences.TrainingText()[random.Next(20_000)..]));
        _folder.File("a.txt", text);
        foreach (string name in (string[])["gpt2", "llama3", "digits"])
        {
            ITokenizer tokenizer = TokenizerReferences.Tokenizer(name);
            using TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("bpe", "a.txt"), tokenizer, fraction: 1);
            Assert.Equal(0, corpus.Train.Length);
            Assert.Equal(tokenizer.Encode(text), corpus.Validation.ToArray(0, (int)corpus.Validation.Length));
        }
    }

    [Fact]
    public void A_given_tokenizer_is_used_and_its_unknown_characters_are_named()
    {
        _folder.File("a.txt", "abcé");
        CharacterTokenizer tokenizer = CharacterTokenizer.Train(["abc".AsMemory()], TestContext.Current.CancellationToken);
        Assert.Contains("U+00E9",
            Assert.Throws<DataException>(() => Corpora.Build(_folder, Corpora.Options("bpe", "a.txt"), tokenizer, fraction: 1)).Message);
        Assert.Empty(Directory.EnumerateFiles(Corpora.Cache(_folder).Folder, "*.tmp"));
    }

    [Fact]
    public void Parts_shorter_than_a_context_are_refused()
    {
        _folder.File("a.txt", new string('a', 100));
        using TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("bytes", "a.txt"));
        corpus.Require(9);
        Assert.Contains("the validation part has 10 tokens, and a context of 10 needs at least 11",
            Assert.Throws<DataException>(() => corpus.Require(10)).Message);
        Assert.Contains("the training part has 90 tokens", Assert.Throws<DataException>(() => corpus.Require(int.MaxValue)).Message);
    }

    [Fact]
    public void Wide_vocabularies_take_four_bytes()
    {
        string text = string.Concat(Enumerable.Range(0x10000, 66_000).Select(char.ConvertFromUtf32));
        _folder.File("a.txt", text);
        using TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("characters", "a.txt"));
        Assert.Equal(4, corpus.Train.Width);
        Assert.Equal(text, Corpora.Text(corpus, DataPart.Train) + Corpora.Text(corpus, DataPart.Validation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_fraction_that_leaves_a_part_empty_is_refused(double fraction) => Assert.Throws<RecipeException>(
        () => CorpusBuilder.Build(new() { Text = ["a.txt"], ValidationFraction = fraction }, ".",
            cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void A_file_that_grows_while_it_is_read_is_refused()
    {
        string path = _folder.File("a.txt", new string('a', 1000));
        GrowingTokenizer tokenizer = new(() => File.AppendAllText(path, "more"));
        Assert.Contains("changed while it was read",
            Assert.Throws<DataException>(() => Corpora.Build(_folder, Corpora.Options("bytes", "a.txt"), tokenizer)).Message);
        Assert.Empty(Directory.EnumerateFiles(Corpora.Cache(_folder).Folder, "*.tokens"));
    }

    [Fact]
    public void Files_without_text_are_refused()
    {
        _folder.File("x/a.txt", "");
        Assert.Contains("there is no text", Assert.Throws<DataException>(() => Corpora.Build(_folder, Corpora.Options("bytes", "x"))).Message);
    }

    [Fact]
    public void Reads_outside_a_part_and_after_disposal_are_refused()
    {
        _folder.File("a.txt", new string('a', 100));
        TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("bytes", "a.txt"));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Train.ToArray(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Train.ToArray(90, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Train.ToArray(long.MaxValue, 1));
        Assert.Empty(corpus.Train.ToArray(90, 0));
        corpus.Dispose();
        Assert.Throws<ObjectDisposedException>(() => corpus.Train.ToArray(0, 1));
    }

    /// <summary>Bytes, with something else done meanwhile.</summary>
    private sealed class GrowingTokenizer(Action meanwhile) : ITokenizer
    {
        public string Kind => "bytes";

        public int VocabSize => 256;

        public int? EndOfTextId => null;

        public void Encode(ReadOnlySpan<char> text, List<int> ids)
        {
            meanwhile();
            ByteTokenizer.Instance.Encode(text, ids);
        }

        public void Decode(ReadOnlySpan<int> ids, System.Buffers.IBufferWriter<byte> utf8) => ByteTokenizer.Instance.Decode(ids, utf8);

        public byte[] ToJson() => ByteTokenizer.Instance.ToJson();
    }
}
