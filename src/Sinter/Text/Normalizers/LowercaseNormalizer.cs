using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>Lowercase</c>: code point by code point, whatever the language.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Replace(CharFlags.Lowers, static (codePoint, parts) => parts.AddRange(CharTable.Lower(codePoint)));
}
