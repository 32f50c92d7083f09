using Sinter.Options;

namespace Sinter.Data;

/// <summary>What a pretrained model learned before: text to mix in again, and to measure what is forgotten.</summary>
public sealed class ReplayOptions
{
    /// <summary>The keys of <c>data.replay</c> in recipes.</summary>
    public static OptionsSchema<ReplayOptions> Schema { get; } = OptionsSchema.Create<ReplayOptions>(static b =>
    {
        b.RequiredTexts("text", "Text like that which the model was trained on: files, folders, globs, or a built-in source.", o => o.Text, (o, v) => o.Text = v, BuiltInSources.Resolve);
        b.Text("column", "The field of a .jsonl line that holds the text.", o => o.Column, (o, v) => o.Column = v, v => v.Length == 0 ? "must not be empty" : null);
        b.Number("fraction", "The share of all sequences that is taken from this text; 0 only measures what is forgotten of it.", o => o.Fraction, (o, v) => o.Fraction = v,
            NumberRange.BelowOne);
    });

    /// <summary>Files, folders, globs, or built-in sources.</summary>
    public IReadOnlyList<string> Text { get; set; } = [];

    /// <summary>The field of a <c>.jsonl</c> line that holds the text.</summary>
    public string Column { get; set; } = "text";

    /// <summary>The share of all sequences that is taken from this text, in [0, 1).</summary>
    public double Fraction { get; set; } = 0.1;
}
