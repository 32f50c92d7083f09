using Sinter.Text.Characters;
using Sinter.Text.Json;

namespace Sinter.Text.Normalizers;

/// <summary><c>Lowercase</c>: code point by code point, whatever the language.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Replace(static (codePoint, parts) =>
    {
        ReadOnlySpan<int> lower = CharTable.Lower(codePoint);
        if (lower.IsEmpty) parts.Add(codePoint);
        else parts.AddRange(lower);
    });
}
