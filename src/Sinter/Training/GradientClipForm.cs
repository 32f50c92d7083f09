using Sinter.Options;

namespace Sinter.Training;

/// <summary>How recipes write gradient clipping: <c>1.0</c>, or <c>{ name: norm, max: 1.0 }</c>.</summary>
internal sealed class GradientClipForm : INamedOptions
{
    public static OptionsSchema<GradientClipForm> Schema { get; } = OptionsSchema.Create<GradientClipForm>(static b =>
        b.Number("max", "The largest global gradient norm.", o => o.Max, (o, v) => o.Max = v, NumberRange.Positive));

    public static Registry<GradientClipForm> Registry { get; } = new Registry<GradientClipForm>("clipping").Add(Schema).Shorten("norm", "max");

    public string Name => "norm";
    public double Max { get; set; } = 1.0;

    public static GradientClipForm? Of(double? max) => max is { } m ? new() { Max = m } : null;
}
