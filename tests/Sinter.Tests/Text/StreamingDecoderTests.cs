using Sinter.Text;

namespace Sinter.Tests.Text;

public sealed class StreamingDecoderTests
{
    [Fact]
    public void Characters_come_out_when_complete()
    {
        StreamingDecoder decoder = new(ByteTokenizer.Instance);
        // é is C3 A9, 😀 is F0 9F 98 80.
        string[] pieces = [.. new[] { 'a', 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80, 'b' }.Select(decoder.Append)];
        Assert.Equal(["a", "", "é", "", "", "", "😀", "b"], pieces);
        Assert.Equal("", decoder.Finish());
    }

    [Fact]
    public void What_never_completes_becomes_the_replacement_character()
    {
        StreamingDecoder decoder = new(ByteTokenizer.Instance);
        Assert.Equal("", decoder.Append(0xF0));
        Assert.Equal("\uFFFDa", decoder.Append('a'));
        Assert.Equal("", decoder.Append(0xC3));
        Assert.Equal("\uFFFD", decoder.Finish());
        Assert.Equal("b", decoder.Append('b'));
    }

    [Fact]
    public void Together_the_pieces_are_the_whole_text()
    {
        ITokenizer tokenizer = TokenizerReferences.Tokenizer("gpt2");
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            int[] ids = [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(tokenizer.VocabSize))];
            StreamingDecoder decoder = new(tokenizer);
            string streamed = string.Concat(ids.Select(decoder.Append)) + decoder.Finish();
            Assert.Equal(tokenizer.Decode(ids), streamed);
        }
    }
}
