using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>NFC</c>, <c>NFD</c>, <c>NFKC</c> and <c>NFKD</c>.</summary>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : INormalizer
{
    /// <inheritdoc/>
    public bool Keeps(ReadOnlySpan<char> text) => compose && !compatibility ? NormalForm.IsComposed(text) : System.Text.Ascii.IsValid(text);

    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        if (Keeps(text.Text)) return;
        List<TextChange> changes = NormalForm.Decompose(text.Text, compatibility);
        text.Transform(compose ? NormalForm.Compose(changes) : changes);
    }
}
