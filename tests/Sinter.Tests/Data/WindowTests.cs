using Sinter.Data;

namespace Sinter.Tests.Data;

/// <summary>The sampler, the permutation and the validation windows.</summary>
public sealed class WindowTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WindowOrder.RandomOffsets, false)]
    [InlineData(WindowOrder.Epochs, false)]
    [InlineData(WindowOrder.Epochs, true)]
    public void A_sample_depends_on_seed_and_index_only(WindowOrder order, bool phase)
    {
        using TokenCorpus corpus = Corpus(1000);
        WindowSampler sampler = new(corpus.Train, 16, seed: 7, order, phase), other = new(corpus.Train, 16, seed: 8, order, phase);
        int[] whole = new int[200 * 16], targets = new int[200 * 16], rows = new int[16], rowTargets = new int[16];
        sampler.Fill(0, whole, targets);
        foreach (int sample in (int[])[199, 3, 50, 0])
        {
            sampler.Fill(sample, rows, rowTargets);
            Assert.Equal(whole.AsSpan(sample * 16, 16).ToArray(), rows);
            Assert.Equal(targets.AsSpan(sample * 16, 16).ToArray(), rowTargets);
            Assert.Equal(corpus.Train.ToArray(sampler.StartOf(sample), 16), rows);
            Assert.Equal(corpus.Train.ToArray(sampler.StartOf(sample) + 1, 16), rowTargets);
        }
        Assert.NotEqual(Enumerable.Range(0, 40).Select(i => sampler.StartOf(i)), Enumerable.Range(0, 40).Select(i => other.StartOf(i)));
    }

    [Fact]
    public void Random_offsets_reach_every_start_equally()
    {
        using TokenCorpus corpus = Corpus(40);
        // 36 training tokens and a context of 6: 30 starts, the last of which has token 35 as its last target.
        WindowSampler sampler = new(corpus.Train, 6, seed: 1, WindowOrder.RandomOffsets);
        int[] counts = new int[30];
        for (int i = 0; i < 30_000; i++) counts[sampler.StartOf(i)]++;
        Assert.All(counts, c => Assert.InRange(c, 1000 - 160, 1000 + 160));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_epoch_sees_each_window_once(bool phase)
    {
        using TokenCorpus corpus = Corpus(1000);
        WindowSampler sampler = new(corpus.Train, 16, seed: 3, WindowOrder.Epochs, phase);
        Assert.Equal(phase ? 55 : 56, sampler.PerPass);
        List<long[]> epochs = [.. Enumerable.Range(0, 4)
            .Select(e => Enumerable.Range(0, (int)sampler.PerPass).Select(i => sampler.StartOf(e * sampler.PerPass + i)).ToArray())];
        foreach (long[] starts in epochs)
        {
            long first = starts.Min();
            Assert.Equal(Enumerable.Range(0, starts.Length).Select(i => first + 16L * i), starts.Order());
            Assert.InRange(first, 0, phase ? 15 : 0);
            Assert.True(starts.Max() + 16 < corpus.Train.Length);
        }
        Assert.Equal(4, epochs.Select(e => string.Join(' ', e)).Distinct().Count());
        if (phase) Assert.True(epochs.Select(e => e.Min()).Distinct().Count() > 1);
    }

    [Fact]
    public void The_smallest_text_has_one_window()
    {
        using TokenCorpus corpus = Corpus(10);
        foreach (bool phase in (bool[])[false, true])
        {
            WindowSampler sampler = new(corpus.Train, 8, seed: 3, WindowOrder.Epochs, phase);
            Assert.Equal(1, sampler.PerPass);
            Assert.Equal([0L, 0L, 0L], [sampler.StartOf(0), sampler.StartOf(1), sampler.StartOf(99)]);
        }
        Assert.Equal(0, new WindowSampler(corpus.Train, 8, seed: 3, WindowOrder.RandomOffsets).StartOf(5));
        Assert.Throws<DataException>(() => new WindowSampler(corpus.Train, 9, seed: 3, WindowOrder.Epochs));
        Assert.Throws<ArgumentException>(() => new WindowSampler(corpus.Train, 8, 3, WindowOrder.Epochs).Fill(0, new int[9], new int[9]));
    }

    [Fact]
    public void Filling_allocates_nothing()
    {
        using TokenCorpus corpus = Corpus(1000);
        int[] inputs = new int[12 * 16], targets = new int[12 * 16];
        foreach (WindowOrder order in Enum.GetValues<WindowOrder>())
        {
            WindowSampler sampler = new(corpus.Train, 16, seed: 7, order);
            sampler.Fill(0, inputs, targets);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 100; step++) sampler.Fill(12 * step, inputs, targets);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void A_permutation_hits_each_number_once(int count)
    {
        for (ulong stream = 0; stream < 5; stream++)
        {
            SeededPermutation permutation = new(count, seed: 9, stream);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Enumerable.Range(0, count).Select(i => permutation[i]).Order());
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededPermutation(count, 9, 0)[count]);
    }

    [Fact]
    public void A_permutation_moves_each_number_anywhere()
    {
        int[] counts = new int[10];
        for (ulong stream = 0; stream < 10_000; stream++) counts[new SeededPermutation(10, seed: 9, stream)[0]]++;
        Assert.All(counts, c => Assert.InRange(c, 1000 - 160, 1000 + 160));
        SeededPermutation huge = new(1L << 40, 1, 1);
        Assert.InRange(huge[(1L << 40) - 1], 0, (1L << 40) - 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(100)]
    [InlineData(161)]
    public void Every_validation_token_but_the_first_is_a_target_once(int tokens)
    {
        using TokenCorpus corpus = Corpus(tokens, fraction: 1);
        ValidationWindows windows = new(corpus.Validation, 16);
        int[] inputs = new int[3 * 16], targets = new int[3 * 16];
        List<int> seen = [];
        int total = 0;
        for (long first = 0; first < windows.Count; first += 3)
        {
            total += windows.Fill(first, inputs, targets);
            for (int i = 0; i < targets.Length; i++)
            {
                if (targets[i] == ISequences.IgnoredTarget) Assert.Equal(0, inputs[i]);
                else seen.Add(targets[i]);
            }
        }
        Assert.Equal(corpus.Validation.ToArray(1, tokens - 1), seen);
        Assert.Equal(tokens - 1, total);
        Assert.Equal(tokens - 1, windows.Targets);
    }

    [Fact]
    public void A_limit_spreads_the_windows()
    {
        using TokenCorpus corpus = Corpus(1000, fraction: 1);
        ValidationWindows windows = new(corpus.Validation, 10, maxTokens: 99);
        Assert.Equal(9, windows.Count);
        Assert.Equal(90, windows.Targets);
        Assert.Equal([0L, 110, 220, 330, 440, 550, 660, 770, 880], Enumerable.Range(0, 9).Select(i => windows.StartOf(i)));
        Assert.Equal(1, new ValidationWindows(corpus.Validation, 64, maxTokens: 1).Count);
        Assert.Equal(999, new ValidationWindows(corpus.Validation, 64, maxTokens: 5000).Targets);
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.StartOf(9));
    }

    [Fact]
    public void One_token_is_nothing_to_predict()
    {
        using TokenCorpus corpus = Corpus(1, fraction: 1);
        Assert.Throws<DataException>(() => new ValidationWindows(corpus.Validation, 16));
    }

    /// <summary>Tokens that repeat only after 89.</summary>
    private TokenCorpus Corpus(int tokens, double fraction = 0.1)
    {
        _folder.File("a.txt", string.Concat(Enumerable.Range(0, tokens).Select(i => (char)('!' + i * 37 % 89))));
        return Corpora.Build(_folder, Corpora.Options("bytes", "a.txt"), fraction: fraction);
    }
}
