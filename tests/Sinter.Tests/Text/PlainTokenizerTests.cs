using System.Text;
using Sinter.Text;

namespace Sinter.Tests.Text;

/// <summary>Characters and bytes.</summary>
public sealed class PlainTokenizerTests
{
    [Fact]
    public void Characters_are_the_sorted_code_points_of_the_text()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Train(["ba😀".AsMemory(), "\na".AsMemory()], TestContext.Current.CancellationToken);
        Assert.Equal(["\n", "a", "b", "😀"], tokenizer.Alphabet.Select(r => r.ToString()));
        Assert.Equal([2, 1, 3, 0], tokenizer.Encode("ba😀\n"));
        Assert.Equal("ba😀\n", tokenizer.Decode([2, 1, 3, 0]));
        Assert.Null(tokenizer.EndOfTextId);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([4]));
    }

    [Theory]
    [InlineData("abé", "'é' (U+00E9), at position 2")]
    [InlineData("a🎈", "'🎈' (U+1F388), at position 1")]
    [InlineData("a\ud83d", "(U+FFFD), at position 1")]
    public void Characters_name_the_one_they_do_not_know(string text, string expected)
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Train(["ba😀".AsMemory()], TestContext.Current.CancellationToken);
        List<int> ids = [7];
        DataException error = Assert.Throws<DataException>(() => tokenizer.Encode(text, ids));
        Assert.Contains(expected, error.Message);
        Assert.Equal([7], ids);
    }

    [Fact]
    public void Characters_of_no_text_are_refused() =>
        Assert.Throws<DataException>(() => CharacterTokenizer.Train([], TestContext.Current.CancellationToken));

    [Fact]
    public void Random_texts_come_back()
    {
        Random random = new(2);
        for (int i = 0; i < 200; i++)
        {
            string text = RandomText.Next(random, random.Next(1, 600)) + "x", wellFormed = RandomText.WellFormed(text);
            ITokenizer[] tokenizers = [ByteTokenizer.Instance, CharacterTokenizer.Train([text.AsMemory()], TestContext.Current.CancellationToken)];
            foreach (ITokenizer tokenizer in tokenizers)
            {
                int[] ids = tokenizer.Encode(text);
                Assert.Equal(wellFormed, tokenizer.Decode(ids));
                Assert.Equal(ids, Tokenizers.Read(tokenizer.ToJson()).Encode(text));
                Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabSize - 1));
            }
            Assert.Equal(Encoding.UTF8.GetBytes(text).Select(b => (int)b), tokenizers[0].Encode(text));
            Assert.Equal(wellFormed.EnumerateRunes().Count(), tokenizers[1].Encode(text).Length);
        }
    }
}
