using Sinter.Text.Patterns;

namespace Sinter.Text.PreTokenizers;

/// <summary>
/// Cuts at the matches of a pattern: <c>Split</c>, and with patterns of their own <c>Whitespace</c>, <c>WhitespaceSplit</c>, <c>Digits</c>,
/// <c>Punctuation</c> and <c>CharDelimiterSplit</c>.
/// </summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Cut(PieceList pieces) => pieces.Split(pattern, behavior, invert);
}
