namespace Sinter.Text.Normalizers;

/// <summary>Changes text before it is cut into words. Immutable, so that threads share it.</summary>
internal interface INormalizer
{
    /// <summary>Whether it is seen at once that a text stays as it is.</summary>
    bool Keeps(ReadOnlySpan<char> text) => false;

    /// <summary>Changes a piece of text in place.</summary>
    void Normalize(NormalizedText text);
}
