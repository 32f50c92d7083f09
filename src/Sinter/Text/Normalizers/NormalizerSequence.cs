namespace Sinter.Text.Normalizers;

/// <summary><c>Sequence</c>: one normalizer after the other.</summary>
internal sealed class NormalizerSequence(INormalizer[] parts) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        foreach (INormalizer part in parts) part.Normalize(text);
    }
}
