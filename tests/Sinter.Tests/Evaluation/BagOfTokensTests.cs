using Sinter.Data.Examples;
using Sinter.Evaluation.Baselines;

namespace Sinter.Tests.Evaluation;

public sealed class BagOfTokensTests
{
    private const int Vocabulary = 40;

    private readonly Random _random = new(5);

    [Fact]
    public void Labels_that_a_token_gives_away_are_learned()
    {
        int[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 3)];
        var examples = Examples(labels.Length, i => [30 + labels[i], .. Noise()], labels);
        var model = BagOfTokens.Train(examples, 3, Vocabulary, areLabels: true, TestContext.Current.CancellationToken);
        Span<float> scores = new float[3];
        int right = 0;
        for (int i = 0; i < 90; i++)
        {
            model.Predict([.. Noise(), 30 + i % 3], scores);
            Assert.Equal(1, scores[0] + scores[1] + scores[2], 1e-5);
            right += scores.IndexOf(Math.Max(scores[0], Math.Max(scores[1], scores[2]))) == i % 3 ? 1 : 0;
        }
        Assert.True(right > 85, $"{right} of 90");
    }

    [Fact]
    public void Without_a_sign_the_shares_of_the_labels_are_learned()
    {
        int[] labels = [.. Enumerable.Range(0, 2000).Select(i => i % 10 == 0 ? 1 : 0)];
        var model = BagOfTokens.Train(Examples(labels.Length, _ => [1, 2, 3], labels), 2, Vocabulary, areLabels: true, TestContext.Current.CancellationToken);
        Span<float> scores = new float[2];
        model.Predict([1, 2, 3], scores);
        Assert.Equal(0.1, scores[1], 0.03);
    }

    [Fact]
    public void Sets_of_labels_are_learned_one_by_one()
    {
        bool[] first = [.. Enumerable.Range(0, 400).Select(_ => _random.Next(2) == 0)], second = [.. first.Select(_ => _random.Next(3) == 0)];
        var examples = Examples(first.Length, i => [.. Noise(), .. first[i] ? [30] : Array.Empty<int>(), .. second[i] ? [31] : Array.Empty<int>()], null,
            [.. first.Zip(second).SelectMany(b => new[] { b.First ? 1f : 0, b.Second ? 1f : 0 })], 2);
        var model = BagOfTokens.Train(examples, 2, Vocabulary, areLabels: true, TestContext.Current.CancellationToken);
        Span<float> scores = new float[2];
        model.Predict([1, 30, 2], scores);
        Assert.True(scores[0] > 0.8 && scores[1] < 0.2, $"{scores[0]} {scores[1]}");
        model.Predict([1, 30, 31], scores);
        Assert.True(scores[0] > 0.8 && scores[1] > 0.8, $"{scores[0]} {scores[1]}");
    }

    [Fact]
    public void Numbers_that_tokens_add_up_to_are_learned()
    {
        float[] wanted = [.. Enumerable.Range(0, 500).Select(i => 1000f + i % 5)];
        var model = BagOfTokens.Train(Examples(wanted.Length, i => [30 + i % 5, .. Noise()], null, wanted, 1), 1, Vocabulary, areLabels: false,
            TestContext.Current.CancellationToken);
        var errors = new Sinter.Evaluation.RegressionErrors(1);
        Span<float> score = new float[1];
        for (int i = 0; i < 100; i++)
        {
            model.Predict([30 + i % 5, .. Noise()], score);
            errors.Add([1000f + i % 5], score);
        }
        Assert.True(errors.R2 > 0.8, $"{errors.R2}");
    }

    private int[] Noise() => [.. Enumerable.Range(0, 4).Select(_ => _random.Next(1, 30))];

    private static EncodedExamples Examples(int count, Func<int, int[]> tokens, int[]? labels, float[]? values = null, int valueCount = 0)
    {
        int[][] all = [.. Enumerable.Range(0, count).Select(tokens)];
        int[] starts = [0, .. all.Select(t => t.Length)];
        for (int i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        return new EncodedExamples([.. all.SelectMany(t => t)], starts, new string[count]) { Labels = labels, Values = values ?? [], ValueCount = valueCount };
    }
}
