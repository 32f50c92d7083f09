using Sinter.Data.Examples;
using Sinter.Text;

namespace Sinter.Tasks;

/// <summary>Turns examples into tokens, with those that the tokenizer puts around a text or between two.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="maxLength">The most tokens of an example; what is longer is cut at its end, of a pair the longer text.</param>
public sealed class ExampleEncoder(ITokenizer tokenizer, int maxLength)
{
    private long _cut;

    /// <summary>Examples that were longer so far.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    /// <summary>The tokens of examples, without labels and numbers.</summary>
    /// <exception cref="DataException">A text holds a character outside the vocabulary, or there are too many tokens.</exception>
    public EncodedExamples Encode(IReadOnlyList<Example> examples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var encoded = new (int[] Tokens, int Second)[examples.Count];
        ParallelWork.For(encoded.Length, i => encoded[i] = Encode(examples[i]), cancellation);
        var starts = new int[encoded.Length + 1];
        for (int i = 0; i < encoded.Length; i++)
        {
            int length = encoded[i].Tokens.Length;
            if (length == 0) throw new DataException($"{examples[i].Place}: the text has no token; leave the line out");
            if (int.MaxValue - starts[i] < length) throw new DataException($"the examples have more than {int.MaxValue} tokens; give fewer, or lower task.max_length");
            starts[i + 1] = starts[i] + length;
        }
        var tokens = new int[starts[^1]];
        for (int i = 0; i < encoded.Length; i++) encoded[i].Tokens.CopyTo(tokens, starts[i]);
        return new EncodedExamples(tokens, starts, [.. examples.Select(e => e.Place)])
        {
            Seconds = examples.Any(e => e.Pair is not null) ? [.. encoded.Select(e => e.Second)] : null,
        };
    }

    private (int[] Tokens, int Second) Encode(Example example)
    {
        try
        {
            var encoding = tokenizer.Encode(example.Text, addSpecialTokens: true, example.Pair, maxLength);
            if (encoding.Count >= maxLength && tokenizer.Encode(example.Text, addSpecialTokens: true, example.Pair, int.MaxValue).Count > maxLength) Interlocked.Increment(ref _cut);
            // Padding that the file asks for is at the end or the beginning; rows have their own.
            int[] tokens = [.. encoding.Ids.Where((_, i) => encoding.AttentionMask[i])];
            int second = encoding.TypeIds.Where((_, i) => encoding.AttentionMask[i]).TakeWhile(type => type == 0).Count();
            return (tokens, second);
        }
        catch (DataException e) when (example.Place.Length > 0)
        {
            throw new DataException($"{example.Place}: {e.Message}", e);
        }
    }
}
