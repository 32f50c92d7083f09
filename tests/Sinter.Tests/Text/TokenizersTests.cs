using System.Text;
using System.Text.Json.Nodes;
using Sinter.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Training;

namespace Sinter.Tests.Text;

/// <summary>Files that are read back, and files that are refused.</summary>
public sealed class TokenizersTests
{
    [Fact]
    public void A_trained_tokenizer_reads_back_and_keeps_its_file()
    {
        BytePairTrainer trainer = new(500);
        trainer.Add(TokenizerReferences.TrainingText());
        byte[] json = trainer.Train(cancellation: TestContext.Current.CancellationToken).ToJson();
        ITokenizer read = Tokenizers.Read(json);
        Assert.Equal("bpe", read.Kind);
        Assert.Equal(json, read.ToJson());
        Assert.Equal(500, read.VocabSize);
        Assert.Equal("bytes", Tokenizers.Read(ByteTokenizer.Instance.ToJson()).Kind);
    }

    [Fact]
    public void Patterns_of_models_that_are_written_anew_stay()
    {
        foreach (string name in (string[])["gpt2", "llama3", "digits"])
        {
            var original = (BytePairTokenizer)TokenizerReferences.Tokenizer(name);
            ITokenizer again = Tokenizers.Read(new BytePairTokenizer(original.Model).ToJson());
            foreach ((string text, int[] ids) in TokenizerReferences.Cases(name)) Assert.Equal(ids, again.Encode(text));
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains(path, Assert.Throws<CheckpointException>(() => Tokenizers.Read(path)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"model":5}""")]
    [InlineData("""{"model":{"type":"BPE"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{},"merges":[]},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"ab":0}},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":1}},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":0}},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"a":1}},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"\ud800":0}},"decoder":{"type":"Fuse"}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":1e99}},"decoder":{"type":"Fuse"}}""")]
    public void Damaged_files_are_refused(string json)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Tokenizers.Read(Encoding.UTF8.GetBytes(json), "folder/tokenizer.json"));
        Assert.StartsWith("folder/tokenizer.json: ", error.Message);
    }

    [Theory]
    [InlineData("model.type", "\"Other\"", "model.type: Other is not supported")]
    [InlineData("model.dropout", "0.1", "model.dropout: 0.1 is not supported")]
    [InlineData("model.vocab", "[]", "model.vocab: expected an object")]
    [InlineData("model.vocab.the", "-1", "model.vocab.the: expected a whole number from 0")]
    [InlineData("model.vocab.the", "2000000000", "model.vocab.the: expected a whole number from 0")]
    [InlineData("model.vocab.the", "1.5", "model.vocab.the")]
    [InlineData("model.vocab.the", "7", "another token has the id 7")]
    [InlineData("model.vocab.a", null, "\"a\" is not in the vocabulary")]
    [InlineData("model.merges", "[\"a qqqq\"]", "model.merges[0]: \"qqqq\" is not in the vocabulary")]
    [InlineData("model.merges", "[[\"!\",\"?\"]]", "model.merges[0]: \"!?\" is not in the vocabulary")]
    [InlineData("model.merges", "[\"a b c\"]", "model.merges[0]: expected two tokens")]
    [InlineData("model.merges", "[3]", "model.merges[0]")]
    [InlineData("model.merges", "[[\"a\"]]", "model.merges[0]: expected two tokens")]
    [InlineData("normalizer", "{\"type\":\"NFX\"}", "normalizer.type: NFX is not supported")]
    [InlineData("pre_tokenizer", "{\"type\":\"Blank\"}", "pre_tokenizer.type: Blank is not supported")]
    [InlineData("pre_tokenizer.use_regex", "3", "pre_tokenizer.use_regex: expected true or false")]
    [InlineData("decoder", "{\"type\":\"Metaspace\"}", "decoder: 'replacement' is missing")]
    [InlineData("added_tokens", "[{\"id\":0,\"content\":\"\"}]", "added_tokens[0]: 'content' is empty")]
    [InlineData("added_tokens", "[{\"content\":\"x\"}]", "added_tokens[0]: 'id' is missing")]
    [InlineData("added_tokens", "[{\"id\":0,\"content\":\"x\",\"lstrip\":3}]", "added_tokens[0].lstrip: expected true or false")]
    [InlineData("added_tokens", "[{\"id\":3000000000,\"content\":\"x\"}]", "added_tokens[0].id")]
    [InlineData("added_tokens", "[{\"id\":3,\"content\":\"<|endoftext|>\"}]", "the id is 0 here and 3 in added_tokens")]
    public void What_would_give_other_ids_is_refused_by_name(string path, string? value, string expected)
    {
        JsonNode root = JsonNode.Parse(TokenizerReferences.Bytes("gpt2.json"))!;
        string[] parts = path.Split('.');
        JsonObject parent = parts[..^1].Aggregate(root, (node, part) => node[part]!).AsObject();
        if (value is null) parent.Remove(parts[^1]);
        else parent[parts[^1]] = JsonNode.Parse(value);
        CheckpointException error = Assert.Throws<CheckpointException>(() => Tokenizers.Read(Encoding.UTF8.GetBytes(root.ToJsonString())));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Patterns_that_mean_another_thing_in_NET_are_refused_by_name()
    {
        foreach (string pattern in (string[])[@"\w+", "a++", "[[:alpha:]]", "(?m:a)", "[\U00010400-\U0001044F]", @"(a)\1", "[a&&b]", "(", "[b-a]"])
        {
            CheckpointException error = Assert.Throws<CheckpointException>(() => WithPattern(pattern));
            Assert.Contains($"pattern.Regex: the pattern {pattern} is not supported", error.Message);
        }
    }

    [Fact]
    public void A_pattern_that_takes_too_long_is_an_error()
    {
        // It looks ahead, so that .NET can't match it in linear time.
        ITokenizer tokenizer = WithPattern("(?:a|aa)+(?=!)");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("takes too long", Assert.Throws<DataException>(() => tokenizer.Encode(new string('a', 100))).Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.Equal(tokenizer.Encode("aa"), WithPattern("(?:a|aa)+").Encode("aa"));
    }

    private static ITokenizer WithPattern(string pattern)
    {
        JsonNode root = JsonNode.Parse(TokenizerReferences.Bytes("llama3.json"))!;
        root["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = pattern;
        return Tokenizers.Read(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }

    [Fact]
    public void Any_damage_is_refused_or_harmless()
    {
        byte[] json = TokenizerReferences.Bytes("digits.json");
        Random random = new(4);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. json];
            for (int n = random.Next(1, 4); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) damaged = damaged[..random.Next(damaged.Length)];
            try { Tokenizers.Read(damaged).Encode("the text"); }
            catch (CheckpointException) { }
        }
    }
}
