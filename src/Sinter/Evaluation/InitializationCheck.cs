using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Evaluation;

/// <summary>The spread of activations and gradients from layer to layer before the first update, and what it says.</summary>
/// <param name="Layers">The embedding, then attention and feed-forward of each block.</param>
/// <param name="AddedByBlocks">What all blocks together add to the embedding ÷ the embedding, by their root mean squares.</param>
/// <param name="Loss">Mean cross entropy of the batch, in nats per token.</param>
/// <param name="UniformLoss">log V: the loss of a model that knows nothing and claims nothing.</param>
/// <param name="Verdict">What it says.</param>
public sealed record InitializationReport(IReadOnlyList<LayerSpread> Layers, double AddedByBlocks, double Loss,
    double UniformLoss, InitializationVerdict Verdict);

/// <summary>Looks at how a model begins: one batch forward and backward, without dropout, as Glorot and Bengio (2010) looked at theirs.</summary>
public static class InitializationCheck
{
    /// <summary>Measures a model. Its gradients are zero afterwards.</summary>
    /// <param name="model">The model, on a device that multiplies in either precision.</param>
    /// <param name="inputs">Tokens, one sequence after the other.</param>
    /// <param name="targets">The token after each.</param>
    /// <param name="sequences">Sequences.</param>
    public static InitializationReport Run(CausalLanguageModel model, ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets, int sequences)
    {
        ArgumentNullException.ThrowIfNull(model);
        var device = model.Device;
        using var scope = device.Scope("initialization check");
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
        var probe = new StreamProbe();
        long length = inputs.Length / sequences;
        var result = model.Loss(device.From(inputs, sequences, length), device.From(targets, sequences, length),
            0, new ForwardContext { Observer = probe });
        result.Loss.Backward();
        LayerSpread[] layers = [.. Enumerable.Range(0, probe.Count).Select(place => Layer(model, probe, place, result.Targets))];
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
        double loss = result.Sum / result.Targets, uniform = Math.Log(model.Config.VocabSize);
        return new InitializationReport(layers, probe.AddedByBlocks, loss, uniform,
            InitializationVerdict.Of(layers, probe.AddedByBlocks, loss / uniform));
    }

    private static LayerSpread Layer(CausalLanguageModel model, StreamProbe probe, int place, long targets)
    {
        var (activation, share, gradient) = probe.At(place);
        bool isAttention = place % 2 == 1;
        string name = place == 0 ? "embedding" : $"block {(place - 1) / 2} {(isAttention ? "attention" : "feed-forward")}";
        double squares = 0, count = 0;
        foreach (var parameter in model.Parameters.Where(p => p.IsMatrix && Place(p.Name) == place))
        {
            double rms = Spread.Of(parameter.Value.Grad.Span).Rms;
            squares += rms * rms * parameter.Value.Count;
            count += parameter.Value.Count;
        }
        return new LayerSpread(name, activation, new Spread(gradient.Std * targets, gradient.Rms * targets), share, Math.Sqrt(squares / count));
    }

    private static int Place(string name) =>
        Parameter.BlockOf(name) is { } block ? 1 + 2 * block + (name.Contains("attn.", StringComparison.Ordinal) ? 0 : 1) : 0;
}
