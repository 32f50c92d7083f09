namespace Sinter.Options;

/// <summary>One key, described for people.</summary>
/// <param name="Path">The full path, such as <c>training.max_steps</c>.</param>
/// <param name="Type">What it takes, such as <c>an integer</c>.</param>
/// <param name="Range">The allowed values in words, or empty.</param>
/// <param name="Default">The value when the key is absent, as YAML; empty if the key is required.</param>
/// <param name="Description">One line.</param>
public sealed record OptionDescription(string Path, string Type, string Range, string Default, string Description);
