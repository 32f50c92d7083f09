using Sinter.Data.Examples;
using Sinter.Text;

namespace Sinter.Tasks;

/// <summary>Turns examples into tokens.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="maxLength">The most tokens of an example; what is longer is cut at its end, of a pair the longer text.</param>
public sealed class ExampleEncoder(ITokenizer tokenizer, int maxLength)
{
    private long _cut;

    /// <summary>Examples that were longer so far.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    /// <summary>The tokens of a text or a pair.</summary>
    /// <exception cref="DataException">The text holds a character outside the vocabulary.</exception>
    public int[] Encode(string text, string? pair)
    {
        List<int> first = [], second = [];
        tokenizer.Encode(text, first);
        if (pair is not null) tokenizer.Encode(pair, second);
        if (first.Count + second.Count > maxLength) Interlocked.Increment(ref _cut);
        while (first.Count + second.Count > maxLength)
        {
            var longer = second.Count > first.Count ? second : first;
            int most = Math.Max(longer == first ? second.Count : first.Count, maxLength - (longer == first ? second.Count : first.Count));
            longer.RemoveRange(Math.Min(most, longer.Count - 1), longer.Count - Math.Min(most, longer.Count - 1));
        }
        return [.. first, .. second];
    }

    /// <summary>The tokens of examples, without labels and numbers.</summary>
    /// <exception cref="DataException">A text holds a character outside the vocabulary, or there are too many tokens.</exception>
    public EncodedExamples Encode(IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var encoded = new int[examples.Count][];
        ParallelWork.For(encoded.Length, i => encoded[i] = Encode(examples[i].Text, examples[i].Pair), cancellation);
        var starts = new int[encoded.Length + 1];
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i].Length == 0) throw new DataException($"{examples[i].Place}: the text has no token; leave the line out");
            if (int.MaxValue - starts[i] < encoded[i].Length) throw new DataException($"the examples have more than {int.MaxValue} tokens; give fewer, or lower task.max_length");
            starts[i + 1] = starts[i] + encoded[i].Length;
        }
        var tokens = new int[starts[^1]];
        for (int i = 0; i < encoded.Length; i++) encoded[i].CopyTo(tokens, starts[i]);
        return new EncodedExamples(tokens, starts, [.. examples.Select(e => e.Place)]);
    }
}
