using System.Text;
using Sinter.Text;

namespace Sinter.Tests.Text;

public sealed class BytePairTokenizerTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("digits")]
    public void Ids_equal_those_of_Hugging_Face(string name)
    {
        ITokenizer tokenizer = TokenizerReferences.Tokenizer(name);
        int count = 0;
        foreach ((string text, int[] ids) in TokenizerReferences.Cases(name))
        {
            Assert.True(ids.AsSpan().SequenceEqual(tokenizer.Encode(text)),
                $"\"{text}\": want {string.Join(' ', ids)}, got {string.Join(' ', tokenizer.Encode(text))}");
            Assert.Equal(text, tokenizer.Decode(ids));
            count++;
        }
        Assert.True(count > 400);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    public void Round_trips_of_random_text(string name)
    {
        ITokenizer tokenizer = TokenizerReferences.Tokenizer(name);
        Random random = new(1);
        for (int i = 0; i < 500; i++)
        {
            string text = RandomText.Next(random, random.Next(200));
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(RandomText.WellFormed(text), tokenizer.Decode(ids));
            Assert.Equal(ids, tokenizer.Encode(RandomText.WellFormed(text)));
        }
    }

    [Fact]
    public void Cached_words_give_the_same_ids_on_many_threads()
    {
        ITokenizer fresh = TokenizerReferences.Tokenizer("gpt2"), shared = TokenizerReferences.Tokenizer("gpt2");
        string text = TokenizerReferences.TrainingText();
        int[] expected = fresh.Encode(text);
        Parallel.For(0, 16, _ => Assert.Equal(expected, shared.Encode(text)));
    }

    [Fact]
    public void One_long_word_takes_little_time()
    {
        ITokenizer tokenizer = TokenizerReferences.Tokenizer("gpt2");
        string text = new('a', 1_000_000);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        int[] ids = tokenizer.Encode(text);
        Assert.Equal(text, tokenizer.Decode(ids));
        // A quadratic algorithm takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Decode_refuses_ids_outside_the_vocabulary()
    {
        ITokenizer tokenizer = TokenizerReferences.Tokenizer("gpt2");
        Assert.Equal(900, tokenizer.VocabSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([900]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
    }

    [Fact]
    public void End_of_text_is_found_by_its_usual_names()
    {
        Assert.Equal(0, TokenizerReferences.Tokenizer("gpt2").EndOfTextId);
        string json = Encoding.UTF8.GetString(TokenizerReferences.Bytes("gpt2.json"));
        Assert.Equal(0, Tokenizers.Read(Encoding.UTF8.GetBytes(json.Replace("<|endoftext|>", "<|end_of_text|>"))).EndOfTextId);
        Assert.Null(Tokenizers.Read(Encoding.UTF8.GetBytes(json.Replace("<|endoftext|>", "<|other|>"))).EndOfTextId);
    }
}
