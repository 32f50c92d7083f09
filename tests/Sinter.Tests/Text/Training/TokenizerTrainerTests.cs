using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sinter.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Json;
using Sinter.Text.Models;
using Sinter.Text.Training;

namespace Sinter.Tests.Text.Training;

public sealed class TokenizerTrainerTests
{
    private static readonly JsonNode Reference = JsonNode.Parse(TokenizerReferences.Bytes("trainers.json"))!;

    [Fact]
    public void Merges_equal_those_of_Hugging_Face_for_other_settings_too()
    {
        foreach (JsonNode? test in Reference["bpe"]!.AsArray())
        {
            BytePairTrainer trainer = new((int)test!["vocab_size"]!, (long)test["min_frequency"]!, [.. test["special_tokens"]!.AsArray().Select(t => (string)t!)]);
            trainer.Add(TokenizerReferences.TrainingText());
            BytePairTokenizer tokenizer = trainer.Train(cancellation: TestContext.Current.CancellationToken);
            string[] merges = TokenizerReferences.Merges(tokenizer.ToJson());
            Assert.Equal((int)test["merges"]!, merges.Length);
            Assert.Equal((string)test["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', merges)))));
            Assert.Equal((int)test["size"]!, tokenizer.VocabSize);
        }
    }

    /// <summary>Which of equally good tokens is taken is chance: a hundredth is more than that makes here.</summary>
    [Fact]
    public void A_wordpiece_makes_as_few_tokens_as_that_of_Hugging_Face()
    {
        foreach (JsonNode? test in Reference["wordpiece"]!.AsArray())
        {
            ITokenizer tokenizer = Train(new() { Kind = "wordpiece", VocabSize = (int)test!["vocab_size"]! });
            Assert.Equal("wordpiece", tokenizer.Kind);
            Assert.InRange(tokenizer.VocabSize, 500, (int)test["vocab_size"]!);
            Assert.InRange(tokenizer.Encode(TokenizerReferences.TrainingText()).Length, 0, 1.01 * (double)test["tokens"]!);
        }
    }

    [Fact]
    public void A_unigram_makes_as_few_tokens_as_that_of_Hugging_Face()
    {
        foreach (JsonNode? test in Reference["unigram"]!.AsArray())
        {
            WordCounter counter = WordCounter.Of(TokenizerParts.Stages(JsonNode.Parse(Train(new() { Kind = "unigram", VocabSize = 512 }).ToJson())!.AsObject()));
            counter.Add(TokenizerReferences.TrainingText());
            // Theirs has the characters of the text, without ASCII's others and bytes.
            List<UnigramPiece> pieces = new UnigramLearner((int)test!["pieces"]!, [], Coverage: 1).Learn(counter.Words(), null, TestContext.Current.CancellationToken);
            Assert.InRange(pieces.Count, 300, (int)test["pieces"]!);
            UnigramModel model = new([new("<unk>", -99), .. pieces], 0);
            List<ModelToken> tokens = [];
            long count = 0;
            foreach ((string word, long times) in counter.Words())
            {
                tokens.Clear();
                model.Tokenize(word, tokens);
                count += tokens.Count * times;
            }
            Assert.InRange(count, 0, 1.01 * (double)test["tokens"]!);
        }
    }

    [Fact]
    public void A_unigram_gives_each_text_back()
    {
        ITokenizer tokenizer = Train(new() { Kind = "unigram", VocabSize = 700, SpecialTokens = ["<|im_start|>"] });
        Assert.Equal(700, tokenizer.VocabSize);
        Assert.Equal("<|endoftext|>", tokenizer.TokenOf(tokenizer.EndOfTextId!.Value));
        Assert.Equal([2], tokenizer.Encode("<|im_start|>"));
        Random random = new(6);
        string[] texts = ["", " ", "  a\n\n\tb  ", "<0x41> <unk", "the then", "ṩ😀\u0000", .. Enumerable.Range(0, 300).Select(_ => RandomText.Next(random, 30))];
        foreach (string text in texts)
            Assert.Equal(RandomText.WellFormed(text).Replace('▁', ' '), tokenizer.Decode(tokenizer.Encode(text)));
        Assert.True(tokenizer.Encode("the then").Length < 5);
    }

    [Fact]
    public void A_wordpiece_has_the_stages_of_BERT()
    {
        ITokenizer tokenizer = Train(new() { Kind = "wordpiece", VocabSize = 700, Lowercase = true });
        TokenEncoding pair = tokenizer.Encode("The, THEN", addSpecialTokens: true, "thé");
        Assert.Equal("[CLS] the , then [SEP] the [SEP]", string.Join(' ', pair.Ids.Select(tokenizer.TokenOf)));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1], pair.TypeIds);
        Assert.Equal("the, then", tokenizer.Decode([.. tokenizer.Encode("The, THEN")]));
        Assert.Equal([1], tokenizer.Encode("\u2603"));
        Assert.NotNull(tokenizer.EndOfTextId);
        Assert.NotEqual("the", Train(new() { Kind = "wordpiece", VocabSize = 700 }) is var cased ? cased.TokenOf(cased.Encode("THE")[0]) : "");
    }

    [Theory]
    [InlineData("wordpiece")]
    [InlineData("unigram")]
    public void The_order_of_texts_and_threads_has_no_effect(string kind)
    {
        string[] lines = [.. TokenizerReferences.TrainingText().Split('\n').Where(l => l.Length > 0)];
        byte[] forward = Train(new() { Kind = kind, VocabSize = 600 }, lines).ToJson(), backward = Train(new() { Kind = kind, VocabSize = 600 }, lines.Reverse()).ToJson();
        Assert.Equal(forward, backward);
        Assert.Equal(forward, Tokenizers.Read(forward).ToJson());
    }

    [Theory]
    [InlineData("wordpiece", 200)]
    [InlineData("unigram", 600)]
    public void Texts_with_little_in_them_give_small_vocabularies(string kind, int vocabSize)
    {
        foreach (string text in (string[])["", "\n", "a", "a\u0000b", "ab ab ab", new('x', 5000), "\ud800"])
        {
            ITokenizer tokenizer = Train(new() { Kind = kind, VocabSize = vocabSize }, [text]);
            Assert.InRange(tokenizer.VocabSize, 6, vocabSize);
            tokenizer.Encode(text + " unseen");
        }
    }

    [Theory]
    [InlineData("wordpiece")]
    [InlineData("unigram")]
    public void Reports_progress_and_can_be_cancelled(string kind)
    {
        List<double> reported = [];
        TokenizerOptions options = new() { Kind = kind, VocabSize = 600 };
        ReadOnlyMemory<char>[] texts = [TokenizerReferences.TrainingText().AsMemory()];
        Tokenizers.Train(options, texts, new Progress(reported), TestContext.Current.CancellationToken);
        Assert.Equal(reported.Order(), reported);
        Assert.Equal(1, reported[^1]);
        Assert.Throws<OperationCanceledException>(() => Tokenizers.Train(options, texts, null, new CancellationToken(canceled: true)));
        options.VocabSize = 100;
        Assert.Throws<RecipeException>(() => Tokenizers.Train(options, texts, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_special_token_that_is_a_word_is_found_as_itself()
    {
        foreach (string kind in (string[])["bpe", "wordpiece", "unigram"])
        {
            ITokenizer tokenizer = Train(new() { Kind = kind, VocabSize = 700, SpecialTokens = ["then", "[CLS]"] });
            int[] ids = tokenizer.Encode("then");
            Assert.Equal("then", tokenizer.TokenOf(Assert.Single(ids)));
        }
    }

    private static ITokenizer Train(TokenizerOptions options, IEnumerable<string>? texts = null) =>
        Tokenizers.Train(options, (texts ?? [TokenizerReferences.TrainingText()]).Select(t => t.AsMemory()), null, TestContext.Current.CancellationToken);

    private sealed class Progress(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
