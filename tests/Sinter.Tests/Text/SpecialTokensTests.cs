using System.Text;
using System.Text.Json;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Tests.Data;
using Sinter.Text;

namespace Sinter.Tests.Text;

/// <summary>What a tokenizer's special tokens are: by their names, and by the files beside it.</summary>
public sealed class SpecialTokensTests
{
    [Fact]
    public void Names_that_are_usual_are_known()
    {
        Assert.Equal(new SpecialTokens(Bos: 0, Eos: 0), TokenizerReferences.Tokenizer("gpt2").SpecialTokens);
        Assert.Equal(new SpecialTokens(Pad: 0, Unk: 1, Cls: 2, Sep: 3, Mask: 4), Family("bert").SpecialTokens);
        Assert.Equal(new SpecialTokens(Bos: 0, Eos: 1), Family("llama3").SpecialTokens);
        Assert.Equal(SpecialTokens.None, ((ITokenizer)ByteTokenizer.Instance).SpecialTokens);
    }

    [Fact]
    public void The_files_beside_a_tokenizer_have_the_last_word()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.json"), Family("qwen2").ToJson());
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"eos_token":"<|im_end|>","pad_token":null,"bos_token":null}""");
        File.WriteAllText(Path.Combine(folder.Path, "special_tokens_map.json"), """{"eos_token":"<|im_start|>","pad_token":{"content":"<|endoftext|>"}}""");
        ITokenizer tokenizer = Tokenizers.Read(folder.Path);
        Assert.Equal(new SpecialTokens(Eos: 2, Pad: 0), tokenizer.SpecialTokens);
        Assert.Equal(2, tokenizer.EndOfTextId);
        TokenizerFiles.Write(folder.Path, tokenizer.ToJson(), TransformersTokenizerTests.Model(tokenizer, 128), tokenizer.SpecialTokens);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, TokenizerFiles.ConfigFileName)));
        Assert.Equal("<|im_end|>", config.RootElement.GetProperty("eos_token").GetString());
        Assert.Equal("<|endoftext|>", config.RootElement.GetProperty("pad_token").GetString());
        Assert.False(config.RootElement.TryGetProperty("bos_token", out _));
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"eos_token":3}""");
        Assert.Contains("tokenizer_config.json: eos_token", Assert.Throws<CheckpointException>(() => Tokenizers.Read(folder.Path)).Message);
    }

    [Fact]
    public void Ids_and_tokens_are_found()
    {
        foreach (string family in (string[])["gpt2", "bert", "llama2", "t5"])
        {
            ITokenizer tokenizer = Family(family);
            for (int id = 0; id < tokenizer.VocabSize; id++)
                if (tokenizer.TokenOf(id) is { Length: > 0 } token) Assert.Equal(id, tokenizer.IdOf(token));
            Assert.Null(tokenizer.IdOf("no such token"));
        }
    }

    [Fact]
    public void What_is_too_long_is_cut()
    {
        ITokenizer tokenizer = Family("bert");
        TokenEncoding one = tokenizer.Encode("the then there don't know", addSpecialTokens: true, maxLength: 4);
        Assert.Equal(4, one.Count);
        Assert.Equal((2, 3), (one.Ids[0], one.Ids[^1]));
        TokenEncoding pair = tokenizer.Encode("the", addSpecialTokens: true, "then there then there then there", maxLength: 7);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], pair.TypeIds);
        Assert.Contains("no place", Assert.Throws<DataException>(() => tokenizer.Encode("the", addSpecialTokens: true, maxLength: 1)).Message);
    }

    private static ITokenizer Family(string name) => Tokenizers.Read(Encoding.UTF8.GetBytes(FamilyReferences.Lines("families.jsonl.gz").Skip(1)
        .Single(l => l.GetProperty("family").GetString() == name).GetProperty("file").GetString()!));
}
