using Sinter.Text;

namespace Sinter.Data;

/// <summary>Where the text comes from and how it is split.</summary>
public sealed class DataOptions
{
    /// <summary>Files, folders, globs, or built-in sources such as <c>sdk-docs</c>.</summary>
    public IReadOnlyList<string> Text { get; set; } = [];

    /// <summary>The field of a <c>.jsonl</c> line that holds the text.</summary>
    public string Column { get; set; } = "text";

    /// <summary>How the text becomes tokens.</summary>
    public TokenizerOptions Tokenizer { get; set; } = new();

    /// <summary>The share of the text kept for validation, in (0, 1).</summary>
    public double ValidationFraction { get; set; } = 0.1;
}
