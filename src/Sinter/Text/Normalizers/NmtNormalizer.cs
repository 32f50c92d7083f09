namespace Sinter.Text.Normalizers;

/// <summary><c>Nmt</c>: removes control characters, and makes spaces of line ends and of what else is blank, as in Google's translation data.</summary>
internal sealed class NmtNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Replace(static (codePoint, parts) =>
    {
        if (codePoint is >= 0x01 and <= 0x08 or 0x0B or >= 0x0E and <= 0x1F or 0x7F or 0x8F or 0x9F) return;
        bool blank = codePoint is 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or >= 0x200B and <= 0x200F or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
        parts.Add(blank ? ' ' : codePoint);
    });
}
