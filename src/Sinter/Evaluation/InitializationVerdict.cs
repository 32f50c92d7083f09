using System.Globalization;

namespace Sinter.Evaluation;

/// <summary>How a model begins, in one word.</summary>
public enum InitializationState
{
    /// <summary>Neither of the others.</summary>
    Sound,
    /// <summary>What the blocks add, or the gradient, is too small to learn from.</summary>
    Vanishing,
    /// <summary>The model begins with confident nonsense, or the gradient grows from layer to layer.</summary>
    Exploding,
}

/// <summary>What the spread of activations and gradients says, and why.</summary>
/// <param name="State">The verdict.</param>
/// <param name="GradientGrowth">The gradient of the stream after the embedding ÷ that after the last block, by their root mean squares.</param>
/// <param name="Reasons">The numbers it rests on, with their limits: those that are beyond one, or all where none is.</param>
/// <param name="Advice">What to change; null where nothing.</param>
/// <remarks>
/// In a model that normalizes before each part (pre-norm), the residual stream carries the gradient past all blocks, so it does not vanish from
/// layer to layer
/// as in a plain network; what vanishes is what the blocks add. The limits are where usual choices end, on gpt2 and llama models of 4 to 48 layers
/// and 64 to 256
/// columns: there the architectures' own, Xavier's and orthogonal weights have a gradient growth of up to 204, a loss of up to 1.19 log V and blocks
/// that add at least
/// 0.7 of the embedding; normal weights of 0.3 have at least 750, or 1.46 log V; normal weights of 0.001 add at most 0.26.
/// </remarks>
public sealed record InitializationVerdict(InitializationState State, double GradientGrowth, IReadOnlyList<string> Reasons, string? Advice)
{
    /// <summary>The gradient may grow from the last block to the embedding by this factor, or fall by it.</summary>
    public const double LargestGrowth = 300;

    /// <summary>The most that the loss may be, in units of that of a model that claims nothing.</summary>
    public const double LargestLoss = 1.4;

    /// <summary>The least that the blocks together add, in units of the embedding.</summary>
    public const double LeastAdded = 0.3;

    /// <summary>The same in encoders, whose embedding and parts are normalized: there usual choices of 64 to 256 columns and 2 to 12 layers add at least 0.038,
    /// and normal weights of 0.001 at most 0.001 in BERT and DistilBERT. RoBERTa's norms divide such weights by a larger epsilon; there <see cref="LeastGradient"/> tells.</summary>
    public const double LeastAddedInEncoders = 0.03;

    /// <summary>The least gradient of one token's loss with respect to an element of the stream.</summary>
    public const double LeastGradient = 1e-4;

    internal static InitializationVerdict Of(IReadOnlyList<LayerSpread> layers, double added, double loss, string uniform, bool isEncoder)
    {
        double leastAdded = isEncoder ? LeastAddedInEncoders : LeastAdded;
        double first = layers[0].Gradient.Rms, last = layers[^1].Gradient.Rms, growth = first / last, largest = layers.Max(l => l.Gradient.Rms);
        string growthText = Text($"the gradient of the residual stream is {growth:G3} times as large after the embedding as after the last block");
        string lossText = Text($"the loss is {loss:G3} times {uniform}"), addedText = Text($"the blocks together add {added:G3} times the embedding");
        var exploding = new List<string>();
        if (!(double.IsFinite(loss) && layers.All(l => double.IsFinite(l.Activation.Rms) && double.IsFinite(l.Gradient.Rms))))
            exploding.Add("activations, gradients or the loss are no numbers");
        if (growth > LargestGrowth) exploding.Add(Text($"{growthText}, over {LargestGrowth}"));
        if (loss > LargestLoss) exploding.Add(Text($"{lossText}, over {LargestLoss}: the model begins with confident nonsense"));
        if (exploding.Count > 0)
            return new(InitializationState.Exploding, growth, exploding,
                "Begin with smaller weights: model.initializer: gpt2 (0.02, less at the ends of branches), or xavier_normal.");
        var vanishing = new List<string>();
        if (!(largest >= LeastGradient))
            vanishing.Add(Text($"the gradient of one token's loss is at most {largest:G3} in the residual stream, under {LeastGradient}"));
        if (growth < 1 / LargestGrowth) vanishing.Add(Text($"{growthText}, under 1 / {LargestGrowth}"));
        if (!(added >= leastAdded)) vanishing.Add(Text($"{addedText}, under {leastAdded}: they pass their input on and learn slowly"));
        return vanishing.Count > 0
            ? new(InitializationState.Vanishing, growth, vanishing,
                "Begin with larger, random weights: model.initializer: gpt2 (0.02), or xavier_normal.")
            : new(InitializationState.Sound, growth,
                [Text($"{growthText} (1 / {LargestGrowth} to {LargestGrowth})"),
                    Text($"{lossText} (to {LargestLoss})"), Text($"{addedText} (from {leastAdded})")], null);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
