namespace Sinter.Text.Normalizers;

/// <summary><c>Prepend</c>: puts a text before each piece that is not empty.</summary>
internal sealed class PrependNormalizer(string content) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Prepend(content);
}
