using System.Text.Json;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Models;
using Sinter.Text;
using Sinter.Text.BytePair;

namespace Sinter.Tests.Text;

public sealed class TransformersTokenizerTests
{
    /// <summary>Writes tokenizers for References/tokenizers/open_with_transformers.py, which says whether transformers gives the same ids.</summary>
    [Fact(Explicit = true)]
    public void Write_tokenizers_for_transformers()
    {
        string? target = Environment.GetEnvironmentVariable("SINTER_TRANSFORMERS_CHECK");
        Assert.SkipWhen(target is null, "SINTER_TRANSFORMERS_CHECK does not name a folder to write to.");
        string[] texts = [TokenizerReferences.TrainingText(), .. TokenizerReferences.Cases("gpt2").Select(c => c.Text)];
        ITokenizer[] trained = [Train(new() { VocabSize = 1000 }), Train(new() { Kind = "characters" }), ByteTokenizer.Instance,
            Train(new() { Kind = "wordpiece", VocabSize = 1000 }), Train(new() { Kind = "unigram", VocabSize = 1000, SpecialTokens = ["<|im_start|>"] })];
        // Written anew, not as they were read.
        ITokenizer[] read = [.. ((string[])["llama3", "digits"]).Select(n => new BytePairTokenizer(((BytePairTokenizer)TokenizerReferences.Tokenizer(n)).Model))];
        foreach ((ITokenizer tokenizer, string name) in trained.Concat(read).Zip((string[])["bpe", "characters", "bytes", "wordpiece", "unigram", "llama3", "digits"]))
        {
            string folder = Directory.CreateDirectory(Path.Combine(target!, name)).FullName;
            TokenizerFiles.Write(folder, tokenizer.ToJson(), Model(tokenizer, 1_000_000), tokenizer.SpecialTokens);
            using FileStream stream = File.Create(Path.Combine(folder, "cases.jsonl"));
            foreach (string text in texts) WriteCase(stream, text, tokenizer);
        }

        ITokenizer Train(TokenizerOptions options) => Tokenizers.Train(options, texts.Select(t => t.AsMemory()), null, TestContext.Current.CancellationToken);
    }

    /// <summary>A model of a tokenizer, as far as the tokenizer's files say something of it.</summary>
    internal static ModelConfig Model(ITokenizer tokenizer, int contextLength) =>
        Architectures.Configure(new ModelOptions { ContextLength = contextLength }, tokenizer.VocabSize, null) with
        {
            BosTokenId = tokenizer.SpecialTokens.Bos,
            EosTokenId = tokenizer.SpecialTokens.Eos,
        };

    private static void WriteCase(Stream stream, string text, ITokenizer tokenizer)
    {
        int[] ids = [.. tokenizer.Encode(text, addSpecialTokens: true).Ids];
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteStartArray("ids");
        foreach (int id in ids) json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteString("decoded", tokenizer.Decode(ids, skipSpecialTokens: false));
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }
}
