namespace Sinter.Advice;

/// <summary>A value for a key of a recipe, and why.</summary>
/// <param name="Key">The key, such as <c>training.optimizer.learning_rate</c>.</param>
/// <param name="Value">The value, as YAML.</param>
/// <param name="Reason">What it follows from, with the figures.</param>
/// <param name="Source">Where the rule is from.</param>
public sealed record Recommendation(string Key, string Value, string Reason, string Source);
