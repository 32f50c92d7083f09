namespace Sinter.Options;

/// <summary>
/// A condition on several values together. <paramref name="Keys"/> are their paths, relative to the options; the message is reported under the first
/// of them, and the rule is not tried when one of them could not be read.
/// </summary>
internal sealed record OptionRule<T>(IReadOnlyList<string> Keys, Func<T, string?> Message);
