using Sinter.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Training;

namespace Sinter.Tests.Text;

public sealed class BytePairTrainerTests
{
    [Fact]
    public void Merges_and_vocabulary_equal_those_of_Hugging_Face()
    {
        BytePairTrainer trainer = new(900, minFrequency: 2);
        trainer.Add(TokenizerReferences.TrainingText());
        BytePairTokenizer tokenizer = trainer.Train(cancellation: TestContext.Current.CancellationToken);
        byte[] reference = TokenizerReferences.Bytes("gpt2.json"), json = tokenizer.ToJson();
        Assert.Equal(TokenizerReferences.Merges(reference), TokenizerReferences.Merges(json));
        Assert.Equal(TokenizerReferences.Vocabulary(reference).OrderBy(v => v.Value), TokenizerReferences.Vocabulary(json).OrderBy(v => v.Value));
        Assert.Equal(900, tokenizer.VocabSize);
        Assert.Equal(0, tokenizer.EndOfTextId);
        foreach ((string text, int[] ids) in TokenizerReferences.Cases("gpt2")) Assert.Equal(ids, tokenizer.Encode(text));
    }

    [Fact]
    public void The_order_of_texts_and_threads_has_no_effect()
    {
        string[] lines = [.. TokenizerReferences.TrainingText().Split('\n').Where(l => l.Length > 0).Select(l => l + "\n")];
        BytePairTrainer forward = new(600), backward = new(600);
        foreach (string line in lines) forward.Add(line);
        Parallel.ForEach(lines.Reverse(), line => backward.Add(line));
        Assert.Equal(forward.Train(cancellation: TestContext.Current.CancellationToken).ToJson(),
            backward.Train(cancellation: TestContext.Current.CancellationToken).ToJson());
    }

    [Fact]
    public void A_text_with_few_pairs_gives_a_smaller_vocabulary()
    {
        BytePairTrainer trainer = new(5000);
        trainer.Add("abab abab");
        // " abab" and "abab": ab occurs 4 times, abab twice, and " abab" once, which is too rare.
        Assert.Equal(BytePairTrainer.SmallestVocabSize + 2, trainer.Train(cancellation: TestContext.Current.CancellationToken).VocabSize);
        BytePairTokenizer empty = new BytePairTrainer(300).Train(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(257, empty.VocabSize);
        Assert.Equal("é😀", empty.Decode(empty.Encode("é😀")));
    }

    [Fact]
    public void Reports_progress_and_can_be_cancelled()
    {
        BytePairTrainer trainer = new(600);
        trainer.Add(TokenizerReferences.TrainingText());
        Progress progress = new();
        trainer.Train(progress, TestContext.Current.CancellationToken);
        Assert.True(progress.Values.Count > 2);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(1, progress.Values[^1]);
        Assert.Throws<OperationCanceledException>(() => trainer.Train(null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_vocabulary_smaller_than_the_bytes_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BytePairTrainer(256));
        Assert.Throws<RecipeException>(() => Tokenizers.Train(new() { VocabSize = 256 }, [], null, TestContext.Current.CancellationToken));
        Assert.Throws<RecipeException>(() => Tokenizers.Train(new() { Kind = "words" }, [], null, TestContext.Current.CancellationToken));
    }

    private sealed class Progress : IProgress<double>
    {
        public readonly List<double> Values = [];

        public void Report(double value) => Values.Add(value);
    }
}
