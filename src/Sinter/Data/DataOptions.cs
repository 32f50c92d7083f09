using Sinter.Options;
using Sinter.Text;

namespace Sinter.Data;

/// <summary>Where the text comes from and how it is split.</summary>
public sealed class DataOptions
{
    /// <summary>The keys of <c>data</c> in recipes.</summary>
    public static OptionsSchema<DataOptions> Schema { get; } = OptionsSchema.Create<DataOptions>(static b =>
    {
        b.RequiredTexts("text", $"Files, folders, globs, or a built-in source: {string.Join(", ", BuiltInSources.Names)}.",
            o => o.Text, (o, v) => o.Text = v, BuiltInSources.Resolve);
        b.Text("column", "The field of a .jsonl line, or the column of a .csv or .tsv file, that holds the text.", o => o.Column, (o, v) => o.Column = v,
            v => v.Length == 0 ? "must not be empty" : null);
        b.Section("tokenizer", "How the text becomes tokens.", o => o.Tokenizer, (o, v) => o.Tokenizer = v, () => TokenizerOptions.Schema);
        b.Choice("sequences", "What the model reads at a time: windows of the whole text, documents (files, lines of .jsonl, documented types) each by itself, "
            + "or several of them packed into a row, where they do not see each other.",
            o => o.Sequences, (o, v) => o.Sequences = v, SequenceForms.Names);
        b.Texts("validation", "Files, folders and globs to validate with, for tasks on examples and chats; without them a share of text is held out.", o => o.Validation,
            (o, v) => o.Validation = v, BuiltInSources.Resolve);
        b.Number("validation_fraction", "The share of the text kept for validation.", o => o.ValidationFraction, (o, v) => o.ValidationFraction = v,
            NumberRange.ProperShare);
        b.OptionalSection("replay", "What the pretrained model learned before: mixed in again, and measured. Null measures nothing.", o => o.Replay, (o, v) => o.Replay = v,
            static () => ReplayOptions.Schema);
        b.Rule(["sequences", "text"], static o => o.Sequences != SequenceForms.Windows && o.Text is [var text] && TextSources.IsPlainFile(text)
            ? "with one text file there is one document; give a .jsonl file, several files or sdk-docs, or leave it at windows" : null);
    });

    /// <summary>Files, folders, globs, or built-in sources such as <c>sdk-docs</c>.</summary>
    public IReadOnlyList<string> Text { get; set; } = [];

    /// <summary>The field of a <c>.jsonl</c> line that holds the text.</summary>
    public string Column { get; set; } = "text";

    /// <summary>Files, folders and globs to validate with; empty holds a share of <see cref="Text"/> out.</summary>
    public IReadOnlyList<string> Validation { get; set; } = [];

    /// <summary>How the text becomes tokens.</summary>
    public TokenizerOptions Tokenizer { get; set; } = new();

    /// <summary>The share of the text kept for validation, in (0, 1).</summary>
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>What the pretrained model learned before; null is nothing.</summary>
    public ReplayOptions? Replay { get; set; }

    /// <summary>What the model reads at a time: <see cref="SequenceForms.Windows"/> of the whole text, <see cref="SequenceForms.Documents"/> by themselves, or
    /// several <see cref="SequenceForms.Packed"/> into a row.</summary>
    public string Sequences { get; set; } = SequenceForms.Windows;
}
