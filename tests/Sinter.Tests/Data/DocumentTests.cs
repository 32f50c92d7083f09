using System.Text.Json;
using Sinter.Data;
using Sinter.Text;

namespace Sinter.Tests.Data;

/// <summary>Documents as sequences of their own: what they hold, their order, their buckets.</summary>
public sealed class DocumentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("characters"), InlineData("bytes"), InlineData("bpe")]
    public void A_sequence_is_a_document_from_separator_to_separator(string kind)
    {
        string[] documents = ["the first", "a second one", "x", "the last that trains", "validates"];
        using TokenCorpus corpus = Corpus(kind, 0.2, documents);
        DocumentSequences sequences = new(corpus.Train, 64);
        Assert.Equal((4, 1), (corpus.Train.Documents, corpus.Validation.Documents));
        Assert.Equal(4, sequences.Count);
        string separator = corpus.Tokenizer.Decode(corpus.Train.ToArray(corpus.Train.StartOfDocument(1) - 1, 1));
        for (int i = 0; i < 4; i++)
        {
            (int[] inputs, int[] targets) = Row(sequences, i, sequences.LengthOf(i));
            string all = corpus.Tokenizer.Decode([inputs[0], .. targets]);
            Assert.Equal((i > 0 ? separator : "") + documents[i] + (i < 3 ? separator : ""), all);
            Assert.Equal(inputs[1..], targets[..^1]);
        }
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(1000)]
    public void Every_token_but_the_first_is_a_target_once(int context)
    {
        using TokenCorpus corpus = Corpus("characters", 0.3, Random(80));
        foreach (TokenArray part in (TokenArray[])[corpus.Train, corpus.Validation])
        {
            DocumentSequences sequences = new(part, context);
            List<int> targets = [];
            for (long i = 0; i < sequences.Count; i++)
            {
                Assert.InRange(sequences.LengthOf(i), 1, context);
                targets.AddRange(Row(sequences, i, sequences.LengthOf(i)).Targets);
            }
            Assert.Equal(part.ToArray(1, (int)part.Length - 1), targets);
            Assert.Equal(targets.Count, sequences.Targets);
            if (context == 1000) Assert.Equal(part.Documents, sequences.Count);
        }
    }

    [Fact]
    public void Behind_the_end_stands_nothing()
    {
        using TokenCorpus corpus = Corpus("characters", 0.2, "ab", "cd", "ef", "gh", "ij");
        DocumentSequences sequences = new(corpus.Train, 8);
        (int[] inputs, int[] targets) = Row(sequences, 1, 6);
        Assert.Equal([0, 0, 0], inputs[3..]);
        Assert.Equal([-100, -100, -100], targets[3..]);
        Assert.Throws<ArgumentException>(() => Row(sequences, 1, 2));
    }

    [Theory]
    [InlineData(1), InlineData(16), InlineData(37), InlineData(5000)]
    public void A_pass_has_each_sequence_once_in_an_order_of_its_own(int window)
    {
        using TokenCorpus corpus = Corpus("characters", 0.1, Random(300));
        DocumentSampler sampler = Sampler(corpus, window, 7), other = Sampler(corpus, window, 8), same = Sampler(corpus, window, 7);
        List<string[]> passes = [.. Enumerable.Range(0, 3).Select(p => Enumerable.Range(0, (int)sampler.PerPass)
            .Select(i => Start(sampler, p * sampler.PerPass + i)).ToArray())];
        Assert.All(passes, p => Assert.Equal(sampler.PerPass, p.Distinct().Count()));
        Assert.Equal(passes[0].Order(), passes[1].Order());
        Assert.NotEqual(passes[0], passes[1]);
        Assert.NotEqual(passes[0], Enumerable.Range(0, (int)sampler.PerPass).Select(i => Start(other, i)));
        // A function of the number alone, in whatever order it is asked for.
        for (long i = 3 * sampler.PerPass - 1; i >= 0; i -= 13) Assert.Equal(passes[(int)(i / sampler.PerPass)][i % sampler.PerPass], Start(same, i));
    }

    [Fact]
    public void Targets_of_a_stretch_are_those_of_its_sequences()
    {
        using TokenCorpus corpus = Corpus("characters", 0.1, Random(40));
        DocumentSampler sampler = Sampler(corpus, 16, 7);
        long n = sampler.PerPass;
        foreach (var (first, count) in ((long, long)[])[(0, n), (3, n), (n, 2 * n), (n - 1, 2 * n + 1), (5, 0), (2 * n + 5, 7)])
            Assert.Equal(Enumerable.Range(0, (int)count).Sum(i => (long)sampler.WidthOf(first + i)), sampler.TargetsOf(first, count));
    }

    [Fact]
    public void Buckets_hold_similar_lengths_within_their_budget()
    {
        using TokenCorpus corpus = Corpus("characters", 0.1, Random(2000));
        DocumentSampler sampler = Sampler(corpus, 256, 7);
        long padded = 0, shuffled = 0, targets = 0, buckets = 0;
        List<int> widest = [];
        for (long first = 0, end; first < sampler.PerPass; first = end, buckets++)
        {
            end = sampler.BucketEnd(first);
            int[] lengths = [.. Enumerable.Range(0, (int)(end - first)).Select(i => sampler.WidthOf(first + i))];
            Assert.InRange(lengths.Sum(), 1, 400);
            Assert.All(Enumerable.Range(0, lengths.Length), i => Assert.Equal(end, sampler.BucketEnd(first + i)));
            Assert.Equal(lengths.OrderDescending(), lengths);
            padded += (long)lengths.Max() * lengths.Length;
            targets += lengths.Sum();
            widest.Add(lengths.Max());
            int[] plain = [.. Enumerable.Range(0, lengths.Length).Select(i => Sampler(corpus, 1, 7).WidthOf(first + i))];
            shuffled += (long)plain.Max() * plain.Length;
        }
        Assert.Equal(corpus.Train.Length - 1, targets);
        Assert.True(padded < 1.1 * targets && shuffled > 1.5 * targets, $"{targets} targets, {padded} positions in buckets, {shuffled} without");
        // The buckets themselves come in no order of length.
        Assert.InRange(widest.Zip(widest.Skip(1)).Count(pair => pair.First >= pair.Second), 0.3 * buckets, 0.7 * buckets);
    }

    [Fact]
    public void Validation_has_each_document_once_or_an_even_share()
    {
        using TokenCorpus corpus = Corpus("characters", 0.5, Random(200));
        ValidationDocuments all = new(corpus.Validation, 20, null), some = new(corpus.Validation, 20, 500);
        int[][] rows = [.. Enumerable.Range(0, (int)all.Count).Select(i => Targets(all, i))];
        Assert.Equal(corpus.Validation.Length - 1, all.Targets);
        Assert.Equal(all.Targets, rows.Sum(r => r.Length));
        Assert.Equal(corpus.Validation.ToArray(1, (int)all.Targets).Order(), rows.SelectMany(r => r).Order());
        Assert.Equal(rows.Select(r => r.Length).OrderDescending(), rows.Select(r => r.Length));
        Assert.InRange(some.Targets, 350, 650);
        Assert.InRange(new ValidationDocuments(corpus.Validation, 20, 1).Count, 1, 1);
    }

    [Fact]
    public void One_document_to_train_on_is_refused()
    {
        string path = Path.Combine(_folder.Path, "only.txt");
        File.WriteAllText(path, "one text");
        using TokenCorpus corpus = Corpora.Build(_folder, Corpora.Options("characters", path));
        Assert.Contains("data.sequences", Assert.Throws<DataException>(() => Sampler(corpus, 1, 1)).Message, StringComparison.Ordinal);
    }

    private static DocumentSampler Sampler(TokenCorpus corpus, int window, ulong seed) =>
        new(corpus.Train, 50, seed, window == 1 ? null : new LengthBuckets(window, 400));

    private static string Start(DocumentSampler sampler, long sequence) => sampler.Describe(sequence, 1).Split(" token ")[1];

    private static int[] Targets(ValidationDocuments documents, int i)
    {
        int[] inputs = new int[documents.WidthOf(i)], targets = new int[documents.WidthOf(i)];
        Assert.Equal(targets.Length, documents.Fill(i, inputs, targets));
        return targets;
    }

    private static (int[] Inputs, int[] Targets) Row(DocumentSequences sequences, long i, int width)
    {
        int[] inputs = new int[width], targets = new int[width];
        Assert.Equal(sequences.LengthOf(i), sequences.Fill(i, inputs, targets));
        return (inputs, targets);
    }

    private static string[] Random(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)('a' + random.Next(20)))))];
    }

    private TokenCorpus Corpus(string kind, double fraction, params string[] documents)
    {
        string path = Path.Combine(_folder.Path, "text.jsonl");
        File.WriteAllLines(path, documents.Select(d => $"{{\"text\": \"{JsonEncodedText.Encode(d)}\"}}"));
        return Corpora.Build(_folder, Corpora.Options(kind, path), fraction: fraction);
    }
}
