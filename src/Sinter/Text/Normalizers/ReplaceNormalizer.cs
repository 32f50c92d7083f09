using Sinter.Text.Patterns;

namespace Sinter.Text.Normalizers;

/// <summary><c>Replace</c>: puts a text in place of each match of a pattern.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        List<TextMatch> matches = [];
        pattern.Find(text.Text, matches);
        if (matches.Exists(m => m.IsMatch)) text.Replace(matches, content);
    }
}
