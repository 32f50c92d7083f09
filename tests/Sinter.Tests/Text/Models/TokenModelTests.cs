using System.Text;
using System.Text.Json;
using Sinter.Text.Models;

namespace Sinter.Tests.Text.Models;

public sealed class TokenModelTests
{
    [Fact]
    public void Tokens_and_places_equal_those_of_Hugging_Face()
    {
        int count = 0;
        foreach (string line in Encoding.UTF8.GetString(TokenizerReferences.Bytes("models.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            ITokenModel model = Read(json.RootElement.GetProperty("model"));
            foreach (JsonElement test in json.RootElement.GetProperty("cases").EnumerateArray())
            {
                string text = test[0].GetString()!;
                List<ModelToken> into = [new(-1, 7, 8)];
                if (test[1].ValueKind == JsonValueKind.Null)
                {
                    Assert.Throws<DataException>(() => model.Tokenize(text, into));
                }
                else
                {
                    model.Tokenize(text, into);
                    ModelToken[] expected = [new(-1, 7, 8), .. test[1].EnumerateArray().Select(t => new ModelToken(t[0].GetInt32(), t[1].GetInt32(), t[2].GetInt32()))];
                    Assert.True(expected.SequenceEqual(into), $"\"{text}\": want {string.Join(' ', expected)}, got {string.Join(' ', into)} by {line[..200]}");
                }
                count++;
            }
        }
        Assert.True(count > 2000);
    }

    /// <summary>Vocabularies on which a walk from each place takes a quadratic time: half a million units of it would be minutes.</summary>
    [Theory]
    [InlineData("WordPiece")]
    [InlineData("Unigram")]
    public void Repetitive_vocabularies_and_texts_take_little_time(string type)
    {
        string half = new('a', 250_000), text = half + half + half + half;
        ITokenModel model = type == "WordPiece"
            ? new WordPieceModel([new("[UNK]", 0), new("a", 1), new("##a", 2), new("##" + half + "b", 3)], maxInputChars: int.MaxValue)
            : new UnigramModel([new("<unk>", 0), new("a", -1), new(half + "b", -2), new("b" + half, -2)], unknown: 0);
        List<ModelToken> tokens = [];
        long start = Environment.TickCount64;
        model.Tokenize(text, tokens);
        Assert.Equal(text.Length, tokens.Count);
        Assert.All(tokens, t => Assert.Equal(1, t.End - t.Start));
        Assert.True(Environment.TickCount64 - start < 20_000, "a megabyte takes a tenth of a second, not minutes");
    }

    [Fact]
    public void Unpaired_surrogates_are_unknown_characters()
    {
        UnigramModel model = new([new("<unk>", 0), new("a", -1), .. Enumerable.Range(0, 256).Select(b => new UnigramPiece($"<0x{b:X2}>", -20))], 0, byteFallback: true);
        List<ModelToken> tokens = [];
        model.Tokenize("a\ud83d\ude00\ud83d", tokens);
        Assert.Equal("a <0xF0> <0x9F> <0x98> <0x80> <0xEF> <0xBF> <0xBD>", string.Join(' ', tokens.Select(t => model.TokenOf(t.Id))));
        WordPieceModel words = new([new("[UNK]", 0), new("a", 1)]);
        tokens.Clear();
        words.Tokenize("a\ude00", tokens);
        Assert.Equal([new(0, 0, 2)], tokens);
    }

    [Theory]
    [InlineData("""{"type":"WordPiece","vocab":{"a":0,"b":0},"unk_token":"a","continuing_subword_prefix":"","max_input_chars_per_word":1}""", "model.vocab.b: another token has the id 0")]
    [InlineData("""{"type":"WordPiece","vocab":{"a":0},"continuing_subword_prefix":"","max_input_chars_per_word":1}""", "'unk_token' is missing")]
    [InlineData("""{"type":"WordPiece","vocab":{"a":0},"unk_token":"a","continuing_subword_prefix":"","max_input_chars_per_word":-1}""", "model.max_input_chars_per_word")]
    [InlineData("""{"type":"Unigram","vocab":[["a",0]],"unk_id":1}""", "model.unk_id: expected a whole number from 0 to 0")]
    [InlineData("""{"type":"Unigram","vocab":[],"unk_id":0}""", "the vocabulary is empty")]
    [InlineData("""{"type":"Unigram","vocab":[["a"]]}""", "model.vocab[0]: expected a token and its score")]
    [InlineData("""{"type":"Unigram","vocab":[["a",1e999]]}""", "model.vocab[0][1]: expected a finite number")]
    [InlineData("""{"type":"Unigram","vocab":{"a":1}}""", "model.vocab: expected an array")]
    public void Damaged_models_are_refused_by_name(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Read(document.RootElement)).Message);
    }

    /// <summary>What json.loads(tokenizer.to_str()) gives for a score that was read from a file.</summary>
    [Theory]
    [InlineData("-3.7483351989534244", -3.748335198953424)]
    [InlineData("-9.043807132530047", -9.043807132530048)]
    [InlineData("-3.8722857829543758", -3.872285782954376)]
    [InlineData("0", 0)]
    [InlineData("-12", -12)]
    [InlineData("-1.5e-3", -0.0015)]
    [InlineData("2E2", 200)]
    [InlineData("18446744073709551615", 18446744073709551615.0)]
    [InlineData("184467440737095516159", 184467440737095516159.0)]
    [InlineData("0.00000000000000000000000000000000000000001", 1e-41)]
    [InlineData("1e-400", 0)]
    [InlineData("1e99999999999", double.PositiveInfinity)]
    public void Scores_are_read_as_the_library_reads_them(string text, double expected) => Assert.Equal(expected, ScoreText.Parse(text));

    private static ITokenModel Read(JsonElement model) => model.GetProperty("type").GetString() == "WordPiece"
        ? WordPieceModelReader.Read(new("tokenizer.json", "model", model)) : UnigramModelReader.Read(new("tokenizer.json", "model", model));
}
