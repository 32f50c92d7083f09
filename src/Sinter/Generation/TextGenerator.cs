using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Generation;

/// <summary>Continues a sequence of tokens, one at a time, with a key-value cache.</summary>
/// <remarks>When the context is full, the newer half of it is read again and generation goes on from there, so a text can be longer than the context.
/// Where positions turn by other angles from some length on (longrope), the text is read again there.
/// Between tokens the device's tape is paused and its innermost scope is the generator's: use the device for other things after the loop.
/// With bfloat16 products a generation first makes panels of the weights (<see cref="Device.HoldWeights"/>); for many short texts, hold them around all.</remarks>
/// <param name="model">The model.</param>
public sealed class TextGenerator(CausalLanguageModel model)
{
    /// <summary>The new tokens, as they are made; ends at a token that ends a text, which is not given.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How the next token is chosen.</param>
    /// <param name="cancellation">Stops before the next token.</param>
    /// <exception cref="SinterException">An empty prompt, a token outside the vocabulary, or options out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Check(prompt);
        return Tokens([.. prompt], options, cancellation);
    }

    private IEnumerable<int> Tokens(List<int> tokens, GenerationOptions options, CancellationToken cancellation)
    {
        using var pause = model.Device.Tape.Pause();
        using var hold = model.Device.HoldWeights();
        using var scope = model.Device.Scope("generation");
        int context = model.Config.LongestText;
        HashSet<int> ends = options.EndToken is { } given ? [given] : [.. model.Config.EndTokens];
        var cache = model.CreateCache(capacity: (int)Math.Min(context, (long)tokens.Count + options.MaxNewTokens));
        var sampler = new TokenSampler(options);
        int start = Math.Max(0, tokens.Count - context), read = start;
        for (int made = 0; made < options.MaxNewTokens; made++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool full = tokens.Count - start > cache.Capacity;
            if (full) start = tokens.Count - Math.Max(1, cache.Capacity / 2);
            if (full || model.Config.TurnsAnew(cache.Length, tokens.Count - start))
            {
                cache.Clear();
                read = start;
            }
            int token = Next(tokens, read, cache, sampler);
            if (ends.Contains(token)) yield break;
            read = tokens.Count;
            tokens.Add(token);
            yield return token;
        }
    }

    private int Next(List<int> tokens, int read, KeyValueCache cache, TokenSampler sampler)
    {
        using var scope = model.Device.Scope("token");
        var input = model.Device.Empty(new Shape(1, tokens.Count - read), DType.Int32);
        for (int i = read; i < tokens.Count; i++) input.Int32Span[i - read] = tokens[i];
        var logits = model.LastLogits(input, new ForwardContext { Cache = cache });
        return sampler.Choose(logits.Span, tokens, tokens.Count);
    }

    private void Check(IReadOnlyList<int> prompt)
    {
        if (prompt.Count == 0) throw new SinterException("The prompt has no tokens; give at least one.");
        for (int i = 0; i < prompt.Count; i++)
            if ((uint)prompt[i] >= (uint)model.Config.VocabSize)
                throw new SinterException($"Token {i} of the prompt is {prompt[i]}; the model's vocabulary has the ids 0 to {model.Config.VocabSize - 1}.");
    }
}
