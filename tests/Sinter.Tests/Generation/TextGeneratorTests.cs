using Sinter.Generation;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Training;

namespace Sinter.Tests.Generation;

/// <summary>Generation with models of made-up weights.</summary>
public sealed class TextGeneratorTests
{
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void The_same_seed_gives_the_same_text(string architecture)
    {
        using var device = new CpuDevice(2);
        var generator = Generator(device, architecture);
        int[] first = Text(generator, 40, seed: 1), again = Text(generator, 40, seed: 1), other = Text(generator, 40, seed: 2);
        Assert.Equal(40, first.Length);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.All(first, token => Assert.InRange(token, 0, 30));
        using var one = new CpuDevice(1);
        Assert.Equal(first, Text(Generator(one, architecture), 40, seed: 1));
    }

    // Context 18: once it is full the newer half is read again, and each token follows from what was read.
    [Theory]
    [InlineData("gpt2", 3), InlineData("llama", 3), InlineData("gpt2", 18), InlineData("llama", 18), InlineData("llama", 50)]
    public void A_text_goes_on_beyond_the_context(string architecture, int promptLength)
    {
        using var device = new CpuDevice(2);
        var model = Model(device, architecture);
        int[] prompt = [.. Enumerable.Range(0, promptLength).Select(i => i * 7 % 31)];
        var options = new GenerationOptions { MaxNewTokens = 60, Temperature = 0 };
        int[] text = [.. new TextGenerator(model).Generate(prompt, options, TestContext.Current.CancellationToken)];
        Assert.Equal(60, text.Length);
        Assert.Equal(Recomputed(model, prompt, 60), text);
    }

    [Fact]
    public void The_end_token_ends_and_is_not_given()
    {
        using var device = new CpuDevice(2);
        var generator = Generator(device, "gpt2");
        int[] text = Text(generator, 40, seed: 1);
        int end = text[10], first = Array.IndexOf(text, end);
        var options = new GenerationOptions { MaxNewTokens = 40, EndToken = end };
        Assert.Equal(text[..first], generator.Generate([1, 2], options, TestContext.Current.CancellationToken));

        var model = Architectures.Build(Model(device, "gpt2").Config with { EosTokenId = end }, device, 1);
        Sharpen(model);
        options.EndToken = null;
        Assert.Equal(text[..first], new TextGenerator(model).Generate([1, 2], options, TestContext.Current.CancellationToken));
        options.EndToken = -1;
        Assert.Equal(text, new TextGenerator(model).Generate([1, 2], options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Prompts_and_options_out_of_range_are_refused_at_once()
    {
        using var device = new CpuDevice(1);
        var generator = Generator(device, "gpt2");
        var options = new GenerationOptions();
        void Refused(IReadOnlyList<int> prompt, params string[] parts)
        {
            var error = Assert.Throws<SinterException>(() => generator.Generate(prompt, options, TestContext.Current.CancellationToken));
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
        Refused([], "no tokens");
        Refused([1, 31], "Token 1", "is 31", "0 to 30");
        Refused([-1], "Token 0", "-1");
        options = new GenerationOptions { MaxNewTokens = -1, Temperature = double.NaN, TopK = -2, TopP = 0, RepetitionPenalty = 0 };
        Refused([1], "max_new_tokens", "temperature", "top_k", "top_p", "repetition_penalty");
        foreach (double wrong in (double[])[-0.1, double.PositiveInfinity])
        {
            options = new GenerationOptions { Temperature = wrong };
            Refused([1], "temperature");
        }
        foreach (double wrong in (double[])[1.01, -1, double.NaN])
        {
            options = new GenerationOptions { TopP = wrong };
            Refused([1], "top_p");
        }
        options = new GenerationOptions { MaxNewTokens = 0 };
        Assert.Empty(generator.Generate([1], options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Left_early_or_cancelled_it_gives_everything_back()
    {
        using var device = new CpuDevice(2);
        var generator = Generator(device, "llama");
        long live = device.Memory.LiveBlocks;
        Assert.Equal(3, generator.Generate([1], new GenerationOptions { MaxNewTokens = 30 }, TestContext.Current.CancellationToken).Take(3).Count());
        using var stop = new CancellationTokenSource();
        int seen = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (int _ in generator.Generate([1], new GenerationOptions { MaxNewTokens = 30 }, stop.Token))
                if (++seen == 2) stop.Cancel();
        });
        Assert.Equal(2, seen);
        Assert.Equal(live, device.Memory.LiveBlocks);
        Assert.True(device.Tape.IsRecording);
        Assert.Equal("device", device.CurrentScope.Name);
    }

    // Each weight that multiplies is packed once for all tokens, and again for none; where nothing may be held the text is the same.
    [Theory]
    [InlineData("gpt2"), InlineData("llama")]
    public void In_bfloat16_weights_are_packed_once(string architecture)
    {
        using var device = new CpuDevice(2, Precision.BFloat16);
        var model = Model(device, architecture);
        var generator = new TextGenerator(model);
        var held = device.Matrix.Held;
        int[] text = Text(generator, 30, seed: 1);
        int matrices = model.Parameters.Count(p => p.IsMatrix && !p.Name.Contains("wpe", StringComparison.Ordinal)
            && !p.Name.Contains("embed_tokens", StringComparison.Ordinal));
        Assert.Equal((matrices, 0), (held.Packs, held.Bytes));
        using (device.HoldWeights(0)) Assert.Equal(text, Text(generator, 30, seed: 1));
        Assert.Equal(matrices, held.Packs);
        using (device.HoldWeights())
        {
            Assert.Equal(text, Text(generator, 30, seed: 1));
            Assert.Equal(text, Text(generator, 30, seed: 1));
        }
        Assert.Equal((2 * matrices, 0), (held.Packs, held.Bytes));
        using var one = new CpuDevice(1, Precision.BFloat16);
        Assert.Equal(text, Text(Generator(one, architecture), 30, seed: 1));
    }

    private static int[] Text(TextGenerator generator, int count, ulong seed) =>
        [.. generator.Generate([1, 2], new GenerationOptions { MaxNewTokens = count, Seed = seed }, TestContext.Current.CancellationToken)];

    private static TextGenerator Generator(CpuDevice device, string architecture) => new(Model(device, architecture));

    private static CausalLanguageModel Model(CpuDevice device, string architecture)
    {
        var model = Architectures.Build(Architectures.Configure(SmallModels.Of(architecture), 31, null), device, 1);
        Sharpen(model);
        return model;
    }

    // Initial weights give nearly even chances; larger ones make the next token depend on those before.
    private static void Sharpen(CausalLanguageModel model)
    {
        foreach (var p in model.Parameters.Where(p => p.IsMatrix))
            foreach (ref float w in p.Value.Span) w *= 8;
    }

    private static List<int> Recomputed(CausalLanguageModel model, int[] prompt, int count)
    {
        var tokens = prompt.ToList();
        using var pause = model.Device.Tape.Pause();
        int context = model.Config.ContextLength, from = Math.Max(0, prompt.Length - context);
        while (tokens.Count < prompt.Length + count)
        {
            using var scope = model.Device.Scope("token");
            if (tokens.Count - from > context) from = tokens.Count - context / 2;
            int[] seen = [.. tokens.Skip(from)];
            float[] logits = model.LastLogits(model.Device.From(seen, 1, seen.Length), default).ToArray();
            tokens.Add(Array.IndexOf(logits, logits.Max()));
        }
        return tokens[prompt.Length..];
    }
}
