using Sinter.Checkpoints;
using Sinter.Generation;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Models;

/// <summary>The key-value cache changes nothing but the time.</summary>
public sealed class CacheTests
{
    [Theory]
    [InlineData("gpt2-tiny"), InlineData("llama-tiny"),
        InlineData("mistral-tiny"), InlineData("qwen2-tiny"), InlineData("qwen3-tiny"), InlineData("gemma2-tiny"), InlineData("phi3-tiny")]
    public void Greedy_tokens_are_those_of_transformers(string name)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = ModelFolder.Load(Reference.Folder(name), device).LanguageModel;
        int[] prompt = reference.Int32("prompt"), greedy = reference.Int32("greedy");
        var options = new GenerationOptions { MaxNewTokens = greedy.Length, Temperature = 0, EndToken = -1 };
        Assert.Equal(greedy, new TextGenerator(model).Generate(prompt, options, TestContext.Current.CancellationToken));
        Assert.Equal(greedy, Recomputed(model, prompt, greedy.Length));
    }

    // Another cut of the same products: another order of float32 sums, so a few last bits.
    [Theory]
    [InlineData("gpt2-tiny", 1, 1), InlineData("llama-tiny", 1, 1), InlineData("gpt2-tiny", 7, 4), InlineData("llama-tiny", 7, 4),
        InlineData("llama-v4", 5, 1), InlineData("mistral-tiny", 3, 1), InlineData("mistral-tiny", 9, 5), InlineData("qwen2-tiny", 12, 3),
        InlineData("qwen3-tiny", 1, 1), InlineData("gemma2-tiny", 5, 1), InlineData("gemma2-tiny", 9, 6), InlineData("phi3-tiny", 17, 2)]
    public void Logits_with_the_cache_are_those_of_the_whole(string name, int first, int others)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open(name);
        var model = ModelFolder.Load(Reference.Folder(name), device).LanguageModel;
        int length = (int)reference.Int32(device, "input_ids").Shape[1], vocabulary = model.Config.VocabSize;
        int[] tokens = reference.Int32("input_ids")[..length];
        using var pause = device.Tape.Pause();
        float[] whole = model.Logits(device.From(tokens, 1, length), default).ToArray();
        var cache = model.CreateCache();
        for (int start = 0, count = first; start < length; start += count, count = Math.Min(others, length - start))
        {
            using var scope = device.Scope("piece");
            Assert.Equal(start, cache.Length);
            var piece = model.Logits(device.From(tokens.AsSpan(start, count), 1, count), new ForwardContext { Cache = cache });
            Closeness.Close(whole.AsSpan(start * vocabulary, count * vocabulary), piece.Span, 1e-5, $"positions {start} to {start + count - 1}");
        }
    }

    [Fact]
    public void A_batch_shares_a_cache()
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open("llama-tiny");
        var model = ModelFolder.Load(Reference.Folder("llama-tiny"), device).LanguageModel;
        int[] tokens = reference.Int32("input_ids");
        float[] want = reference.Float32("logits.exact");
        const int Batch = 3, Length = 24, Cut = 10;
        int vocabulary = model.Config.VocabSize;
        using var pause = device.Tape.Pause();
        var cache = model.CreateCache(Batch);
        foreach (var (start, count) in ((int, int)[])[(0, Cut), (Cut, Length - Cut)])
        {
            int[] piece = [.. Enumerable.Range(0, Batch).SelectMany(b => tokens.Skip(b * Length + start).Take(count))];
            var logits = model.Logits(device.From(piece, Batch, count), new ForwardContext { Cache = cache });
            for (int b = 0; b < Batch; b++)
                Closeness.Close(want.AsSpan((b * Length + start) * vocabulary, count * vocabulary),
                    logits.Span.Slice(b * count * vocabulary, count * vocabulary), 1e-4, $"sequence {b}");
        }
    }

    private static List<int> Recomputed(CausalLanguageModel model, int[] prompt, int count)
    {
        var tokens = prompt.ToList();
        using var pause = model.Device.Tape.Pause();
        for (int made = 0; made < count; made++)
        {
            using var scope = model.Device.Scope("token");
            var logits = model.LastLogits(model.Device.From(tokens.ToArray(), 1, tokens.Count), default).ToArray();
            tokens.Add(Array.IndexOf(logits, logits.Max()));
        }
        return tokens[prompt.Length..];
    }
}
