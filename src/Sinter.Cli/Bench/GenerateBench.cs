using System.Diagnostics;
using Sinter.Generation;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Cli.Bench;

/// <summary>Greedy generation of GPT-2 124M with random weights, one sequence: what bench/peers/generate.py times in transformers.</summary>
/// <param name="device">Where; its precision decides how wide the weights are that a token reads.</param>
/// <param name="promptTokens">Tokens of the prompt.</param>
/// <param name="newTokens">Tokens to make, at least 2.</param>
internal sealed class GenerateBench(CpuDevice device, int promptTokens, int newTokens)
{
    private static readonly ModelConfig s_config = new()
    {
        Architecture = "gpt2",
        VocabSize = 50257,
        NumLayers = 12,
        NumHeads = 12,
        NumKvHeads = 12,
        HiddenSize = 768,
        HeadSize = 64,
        IntermediateSize = 3072,
        ContextLength = ContextLength,
        Bias = true,
        TieEmbeddings = true,
    };

    private readonly CausalLanguageModel _model = Architectures.Build(s_config, device, seed: 1);

    /// <summary>The longest text.</summary>
    public const int ContextLength = 1024;

    /// <summary>Bytes of weights that a token reads: all but the table of positions, in the width of the products' factors.</summary>
    public long WeightBytes => (_model.ParameterCount - (long)ContextLength * s_config.HiddenSize)
        * (device.Precision == Precision.BFloat16 ? 2 : sizeof(float));

    /// <summary>Generates once.</summary>
    /// <returns>Until the first token, the prompt read and what else begins a generation; and for all tokens.</returns>
    public (TimeSpan Prompt, TimeSpan Total) Run()
    {
        int[] prompt = [.. Enumerable.Range(0, promptTokens).Select(i => (int)(i * 7919L % s_config.VocabSize))];
        var options = new GenerationOptions { MaxNewTokens = newTokens, Temperature = 0, EndToken = -1 };
        using var tokens = new TextGenerator(_model).Generate(prompt, options).GetEnumerator();
        long began = Stopwatch.GetTimestamp();
        int made = tokens.MoveNext() ? 1 : 0;
        var first = Stopwatch.GetElapsedTime(began);
        while (made < newTokens && Next(tokens)) made++;
        return made == newTokens ? (first, Stopwatch.GetElapsedTime(began))
            : throw new InvalidOperationException($"{made} tokens were made and not {newTokens}; nothing was timed.");
    }

    /// <summary>A token after the first is a step of the device's profile, where there is one.</summary>
    private bool Next(IEnumerator<int> tokens)
    {
        using var step = device.Profile?.Step();
        return tokens.MoveNext();
    }
}
