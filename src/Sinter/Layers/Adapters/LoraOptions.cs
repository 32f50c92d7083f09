using Sinter.Options;

namespace Sinter.Layers.Adapters;

/// <summary>LoRA (Hu et al., 2021), rsLoRA (Kalajdzievski, 2023) and DoRA (Liu et al., 2024); see <see cref="LowRankAdapter"/>. Defaults are PEFT's, save that
/// all linear layers have one unless told otherwise: Dettmers et al. ("QLoRA", 2023, section 4) needed that to reach full fine-tuning.</summary>
public sealed class LoraOptions : AdapterOptions
{
    /// <summary>The keys of <c>lora</c> in recipes.</summary>
    public static OptionsSchema<LoraOptions> Schema { get; } = OptionsSchema.Create<LoraOptions>(
        "Two thin matrices beside each chosen linear layer are trained in place of the model (Hu et al., 2021).", static b =>
    {
        b.Integer("rank", "The inner extent of the two matrices.", o => o.Rank, (o, v) => o.Rank = v, 1, 1 << 16);
        b.OptionalNumber("alpha", "The change is multiplied by alpha / rank; null is rank.", o => o.Alpha, (o, v) => o.Alpha = v, NumberRange.Positive);
        b.Number("dropout", "The probability of dropping an element of what the change reads.", o => o.Dropout, (o, v) => o.Dropout = v, NumberRange.BelowOne);
        b.Texts("targets", "Linear layers, by the end of their names (c_attn, self_attn.q_proj) or patterns with * and ?; none means all of them.",
            o => o.Targets, (o, v) => o.Targets = v);
        b.Boolean("rs", "Whether alpha is divided by the root of rank (rsLoRA).", o => o.IsRankStabilized, (o, v) => o.IsRankStabilized = v);
        b.Boolean("dora", "Whether the length of each output's weights is trained apart from their direction (DoRA).", o => o.HasMagnitude, (o, v) => o.HasMagnitude = v);
        b.Texts("train", "Modules or parameters of the model that are trained as a whole, likewise by name; a classifier's head always is.",
            o => o.Train, (o, v) => o.Train = v);
    });

    /// <inheritdoc/>
    public override string Name => "lora";

    /// <summary>The inner extent of the two matrices: r.</summary>
    public int Rank { get; set; } = 8;

    /// <summary>α; null is the rank, which makes the scale 1.</summary>
    public double? Alpha { get; set; }

    /// <summary>Probability of dropping an element of what A reads, in [0, 1).</summary>
    public double Dropout { get; set; }

    /// <summary>Ends of the layers' paths, or patterns; none means all linear layers.</summary>
    public IReadOnlyList<string> Targets { get; set; } = [];

    /// <summary>Whether the scale is α ÷ √r.</summary>
    public bool IsRankStabilized { get; set; }

    /// <summary>Whether magnitudes are trained.</summary>
    public bool HasMagnitude { get; set; }

    /// <summary>What of the model itself is trained: ends of names, or patterns.</summary>
    public IReadOnlyList<string> Train { get; set; } = [];

    /// <inheritdoc/>
    public override IAdapterPlan Plan() => new LowRankPlan(this);
}
