using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>What differs for the parameters whose names fit a pattern.</summary>
public sealed class ParameterGroupOptions
{
    /// <summary>The keys of an item of <c>parameter_groups</c> in recipes.</summary>
    public static OptionsSchema<ParameterGroupOptions> Schema { get; } = OptionsSchema.Create<ParameterGroupOptions>(static b =>
    {
        b.RequiredTexts("match", "Names of parameters, as in the model's files; * stands for any letters, ? for one.", o => o.Match, (o, v) => o.Match = v);
        b.Number("learning_rate_factor", "Factor of the learning rate.", o => o.LearningRateFactor, (o, v) => o.LearningRateFactor = v, NumberRange.Positive);
        b.OptionalNumber("weight_decay", "Weight decay; null is the optimizer's own for matrices and none for biases and norms.", o => o.WeightDecay,
            (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
        b.Boolean("frozen", "Whether the parameters stay as they are: they cost no gradient and no optimizer state.", o => o.Frozen, (o, v) => o.Frozen = v);
    });

    /// <summary>Names of parameters; <c>*</c> stands for any letters, <c>?</c> for one.</summary>
    public IReadOnlyList<string> Match { get; set; } = [];

    /// <summary>Factor of the learning rate.</summary>
    public double LearningRateFactor { get; set; } = 1;

    /// <summary>Weight decay; null is the optimizer's own for matrices and none for biases and norms.</summary>
    public double? WeightDecay { get; set; }

    /// <summary>Whether the parameters stay as they are: they cost no gradient and no optimizer state.</summary>
    public bool Frozen { get; set; }

    internal bool Fits(string name) => Match.Any(pattern => NamePattern.Fits(pattern, name));
}
