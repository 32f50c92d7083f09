using System.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Patterns;

namespace Sinter.Text.Training;

/// <summary>
/// Trains a <see cref="BytePairTokenizer"/> (Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016, algorithm 1):
/// counts the words, then merges the most frequent pair until the vocabulary is full; of equally frequent pairs the one of the smallest ids. Gives
/// the merges that Hugging Face's <c>BpeTrainer</c> gives with <c>special_tokens=["&lt;|endoftext|&gt;"]</c> and the byte-level alphabet. Ids: 0 is
/// the end of text, 1 to 256 the bytes in the order of their characters in GPT-2's alphabet, then the merges.
/// </summary>
public sealed class BytePairTrainer : ITokenizerTrainer
{
    /// <summary>The smallest vocabulary: the end of text and 256 bytes.</summary>
    public const int SmallestVocabSize = 257;

    private readonly int _vocabSize;
    private readonly long _minFrequency;
    private readonly string[] _specialTokens;
    private readonly WordCounter _words = new(Cut);

    /// <summary>Creates a trainer that has seen no text.</summary>
    /// <param name="vocabSize">Ids in all, at least <see cref="SmallestVocabSize"/>; fewer if the text has no more pairs.</param>
    /// <param name="minFrequency">How often a pair must occur to be merged, at least 1.</param>
    /// <param name="specialTokens">Further tokens, of at least two characters, that are found in the text as they are; their ids come after the end of
    /// text.</param>
    public BytePairTrainer(int vocabSize, long minFrequency = 2, IReadOnlyList<string>? specialTokens = null)
    {
        _specialTokens = [.. ((string[])[BytePairTokenizer.EndOfText, .. specialTokens ?? []]).Distinct()];
        if (_specialTokens.Any(t => t.Length < 2)) throw new ArgumentException("a special token has at least two characters", nameof(specialTokens));
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, SmallestVocabSize - 1 + _specialTokens.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(minFrequency, 1);
        (_vocabSize, _minFrequency) = (vocabSize, minFrequency);
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<char> text) => _words.Add(text);

    /// <inheritdoc cref="ITokenizerTrainer.Train"/>
    public BytePairTokenizer Train(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<byte[]> tokens = [.. _specialTokens.Select(_ => Array.Empty<byte>())];
        Dictionary<byte[], int> vocabulary = new(ByteStringComparer.Instance);
        int[] byteIds = new int[256];
        foreach (byte b in ByteAlphabet.InCharacterOrder())
        {
            vocabulary.Add([b], byteIds[b] = tokens.Count);
            tokens.Add([b]);
        }
        // A special token is found before words are cut: the same text as an ordinary token would only be a second entry of its name.
        byte[][] reserved = [.. _specialTokens.Select(t => ByteAlphabet.Decode(t)).OfType<byte[]>()];
        foreach (byte[] token in reserved) vocabulary.Add(token, -1);
        PairCounter counter = new();
        foreach ((string word, long count) in _words.Words()) counter.Add([.. Encoding.UTF8.GetBytes(word).Select(b => byteIds[b])], count);
        MergeLearner<byte[]> learner = new(tokens, vocabulary, (left, right) => [.. left, .. right]);
        List<Merge> merges = learner.Learn(counter, _vocabSize, _minFrequency, progress, cancellation);
        foreach (byte[] token in reserved) vocabulary.Remove(token);
        IReadOnlyList<AddedToken> added = [.. _specialTokens.Select((t, id) => new AddedToken(id, t, Special: true))];
        return new(new BytePairModel(vocabulary, new MergeTable(DropRepeated(merges)), added, SplitPattern.Gpt2));
    }

    ITokenizer ITokenizerTrainer.Train(IProgress<double>? progress, CancellationToken cancellation) => Train(progress, cancellation);

    private static void Cut(ReadOnlySpan<char> text, WordCounts into)
    {
        for (int start = 0, end; start < text.Length; start = end)
            into.Add(text[start..(end = WordSplitter.Next(SplitPattern.Gpt2, text, start))]);
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
