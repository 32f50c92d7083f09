using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors.Ops;

namespace Sinter.Evaluation;

/// <summary>The spread of activations and gradients from layer to layer before the first update, and what it says.</summary>
/// <param name="Layers">The embedding, then attention and feed-forward of each block.</param>
/// <param name="AddedByBlocks">What all blocks together add to the embedding ÷ the embedding, by their root mean squares.</param>
/// <param name="Loss">Mean loss of the batch's targets.</param>
/// <param name="UniformLoss">The loss of a model that knows nothing and claims nothing, whose outputs are all 0: of a language model log V.</param>
/// <param name="UniformName">Its name.</param>
/// <param name="Verdict">What it says.</param>
public sealed record InitializationReport(IReadOnlyList<LayerSpread> Layers, double AddedByBlocks, double Loss,
    double UniformLoss, string UniformName, InitializationVerdict Verdict);

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
        using var scope = model.Device.Scope("initialization check");
        long length = inputs.Length / sequences;
        return Run(model, new SequenceBatch(model.Device.From(inputs, sequences, length), model.Device.From(targets, sequences, length)));
    }

    /// <summary>Measures a model of any kind. Its gradients are zero afterwards.</summary>
    /// <param name="model">The model, on a device that multiplies in either precision.</param>
    /// <param name="batch">What to look at it with.</param>
    public static InitializationReport Run(ITrainedModel model, in SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = model.Device.Scope("initialization check");
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
        var probe = new StreamProbe();
        var result = model.Loss(batch, new CrossEntropyOptions(), new ForwardContext { Observer = probe });
        result.Loss.Backward();
        // What one target's loss gives each position, however few positions have one.
        double scale = Math.Sqrt((double)result.Targets * batch.Tokens.Count);
        LayerSpread[] layers = [.. Enumerable.Range(0, probe.Count).Select(place => Layer(model, probe, place, scale))];
        foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
        var (uniform, name) = Uniform(model, batch);
        double loss = result.Sum / result.Targets;
        bool isEncoder = !Architectures.Find(model.Config.Architecture).IsCausal;
        return new InitializationReport(layers, probe.AddedByBlocks, loss, uniform, name,
            InitializationVerdict.Of(layers, probe.AddedByBlocks, loss / uniform, name, isEncoder));
    }

    private static (double Loss, string Name) Uniform(ITrainedModel model, in SequenceBatch batch)
    {
        if (model is not SequenceClassifier classifier) return (Math.Log(model.Config.VocabSize), "log V");
        using var pause = model.Device.Tape.Pause();
        var zeros = classifier.LossOfZeros(batch);
        return (zeros.Sum / zeros.Targets, "the loss of zeros");
    }

    private static LayerSpread Layer(ITrainedModel model, StreamProbe probe, int place, double scale)
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
        return new LayerSpread(name, activation, new Spread(gradient.Std * scale, gradient.Rms * scale), share, Math.Sqrt(squares / count));
    }

    private static int Place(string name) =>
        Parameter.BlockOf(name) is { } block ? 1 + 2 * block + (name.Contains("attn.", StringComparison.Ordinal) || name.Contains("attention.", StringComparison.Ordinal) ? 0 : 1) : 0;
}
