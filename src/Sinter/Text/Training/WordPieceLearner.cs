using System.Text;

namespace Sinter.Text.Training;

/// <summary>
/// Learns the vocabulary of a WordPiece model as Hugging Face's <c>WordPieceTrainer</c> does: merges of the most frequent pairs, whose results are the
/// tokens, and the merges are forgotten. Ids: the special tokens, the characters that begin a word, those that continue one, then what merges made.
/// Differs from theirs where that depends on the order of a hash table: which of equally rare characters is left out, and the ids of the characters
/// that continue words, by which ties between pairs are decided. A word with a character that is left out is not learned from, since it will be
/// unknown; theirs learns from the word without the character.
/// </summary>
/// <param name="VocabSize">Tokens in all; fewer if the text has no more pairs.</param>
/// <param name="SpecialTokens">The tokens of the first ids.</param>
/// <param name="MinFrequency">How often a pair must occur to be merged.</param>
/// <param name="LimitAlphabet">The most characters; the rarest are left out.</param>
/// <param name="Prefix">What is written before a token that continues a word.</param>
internal sealed record WordPieceLearner(int VocabSize, IReadOnlyList<string> SpecialTokens, long MinFrequency = 2, int LimitAlphabet = 1000,
    string Prefix = "##")
{
    /// <summary>Learns from words and how often they occur; gives the tokens by id.</summary>
    public List<string> Learn(IEnumerable<KeyValuePair<string, long>> words, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<(Rune[] Characters, long Count)> split = [.. words.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (Split(w.Key), w.Value))];
        HashSet<Rune> alphabet = Alphabet(split);
        split.RemoveAll(w => !w.Characters.All(alphabet.Contains));
        List<string> tokens = [.. SpecialTokens];
        tokens.AddRange(alphabet.OrderBy(c => c.Value).Select(c => c.ToString()).Except(SpecialTokens));
        IEnumerable<Rune> continuing = split.SelectMany(w => w.Characters.Skip(1)).Distinct().OrderBy(c => c.Value);
        tokens.AddRange([.. continuing.Select(c => Prefix + c).Except(tokens)]);
        Dictionary<string, int> ids = tokens.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        PairCounter counter = new();
        foreach ((Rune[] characters, long count) in split)
            counter.Add([.. characters.Select((c, i) => ids[i == 0 ? c.ToString() : Prefix + c])], count);
        new MergeLearner<string>(tokens, ids, Join).Learn(counter, VocabSize, MinFrequency, progress, cancellation);
        return tokens;
    }

    private string Join(string left, string right) =>
        string.Concat(left, right.AsSpan(right.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix.Length : 0));

    /// <summary>The most frequent characters, so many that they leave room: each may need a second token for where it continues a word.</summary>
    private HashSet<Rune> Alphabet(List<(Rune[] Characters, long Count)> words)
    {
        Dictionary<Rune, long> counts = [];
        foreach ((Rune[] characters, long count) in words)
            foreach (Rune c in characters) counts[c] = counts.GetValueOrDefault(c) + count;
        int room = Math.Max(0, (VocabSize - SpecialTokens.Count) / 2);
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Value).Take(Math.Min(LimitAlphabet, room)).Select(c => c.Key)];
    }

    private static Rune[] Split(string word) => [.. word.EnumerateRunes()];
}
