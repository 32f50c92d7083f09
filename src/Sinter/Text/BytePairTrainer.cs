using System.Collections.Concurrent;
using System.Text;

namespace Sinter.Text;

/// <summary>
/// Trains a <see cref="BytePairTokenizer"/> (Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016, algorithm 1):
/// counts the words, then merges the most frequent pair until the vocabulary is full; of equally frequent pairs the one of the smallest ids. Gives
/// the merges that Hugging Face's <c>BpeTrainer</c> gives with <c>special_tokens=["&lt;|endoftext|&gt;"]</c> and the byte-level alphabet. Ids: 0 is
/// the end of text, 1 to 256 the bytes in the order of their characters in GPT-2's alphabet, then the merges.
/// </summary>
public sealed class BytePairTrainer
{
    /// <summary>The smallest vocabulary: the end of text and 256 bytes.</summary>
    public const int SmallestVocabSize = 257;

    private readonly int _vocabSize;
    private readonly long _minFrequency;
    private readonly ConcurrentBag<WordCounts> _parts = [];

    /// <summary>Creates a trainer that has seen no text.</summary>
    /// <param name="vocabSize">Ids in all, at least <see cref="SmallestVocabSize"/>; fewer if the text has no more pairs.</param>
    /// <param name="minFrequency">How often a pair must occur to be merged, at least 1.</param>
    public BytePairTrainer(int vocabSize, long minFrequency = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, SmallestVocabSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(minFrequency, 1);
        (_vocabSize, _minFrequency) = (vocabSize, minFrequency);
    }

    /// <summary>Counts the words of a text. May be called from several threads; the order of texts has no effect.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        WordCounts part = _parts.TryTake(out WordCounts? free) ? free : new(SplitPattern.Gpt2);
        part.Add(text);
        _parts.Add(part);
    }

    /// <summary>Learns the merges of the texts added; not while another thread adds.</summary>
    /// <param name="progress">Hears the share done, in [0, 1].</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public BytePairTokenizer Train(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Dictionary<byte[], int> vocabulary = new(ByteStringComparer.Instance);
        foreach (byte b in ByteAlphabet.InCharacterOrder()) vocabulary.Add([b], 1 + vocabulary.Count);
        PairCounter counter = new(vocabulary);
        WordCounts words = new(SplitPattern.Gpt2);
        foreach (WordCounts part in _parts) words.Add(part);
        foreach ((string word, long count) in words.Words) counter.Add(Encoding.UTF8.GetBytes(word), count);
        List<Merge> merges = Learn(vocabulary, counter, progress, cancellation);
        AddedToken end = new(0, BytePairTokenizer.EndOfText, Special: true);
        return new(new BytePairModel(vocabulary, new MergeTable(DropRepeated(merges)), [end], SplitPattern.Gpt2));
    }

    private List<Merge> Learn(Dictionary<byte[], int> vocabulary, PairCounter counter, IProgress<double>? progress, CancellationToken cancellation)
    {
        List<byte[]> tokens = [[], .. vocabulary.OrderBy(v => v.Value).Select(v => v.Key)];
        List<Merge> merges = [];
        counter.QueueNew();
        while (tokens.Count < _vocabSize && counter.TryPop(_minFrequency, out PairCandidate top))
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] token = [.. tokens[top.Pair.Left], .. tokens[top.Pair.Right]];
            // Two pairs may make the same bytes, as a+bc and ab+c do: the second takes the id of the first.
            if (!vocabulary.TryGetValue(token, out int id))
            {
                vocabulary.Add(token, id = tokens.Count);
                tokens.Add(token);
            }
            merges.Add(new(top.Pair.Left, top.Pair.Right, id));
            counter.Merge(top, id);
            if ((merges.Count & 63) == 0) progress?.Report((double)(tokens.Count - SmallestVocabSize) / Math.Max(1, _vocabSize - SmallestVocabSize));
        }
        progress?.Report(1);
        return merges;
    }

    /// <summary>A pair that was learned again, after another pair made its parts anew, has its last rank only.</summary>
    private static List<Merge> DropRepeated(List<Merge> merges)
    {
        HashSet<(int, int)> seen = [];
        List<Merge> kept = [.. merges.AsEnumerable().Reverse().Where(m => seen.Add((m.Left, m.Right)))];
        kept.Reverse();
        return kept;
    }
}
