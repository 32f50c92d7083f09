using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>NFC</c>, <c>NFD</c>, <c>NFKC</c> and <c>NFKD</c>.</summary>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : INormalizer
{
    /// <summary>Below U+0300 every text is in normal form C, and ASCII in all of them.</summary>
    public bool Keeps(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('\0', compose && !compatibility ? '\u02FF' : '\u007F') < 0;

    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        if (Keeps(text.Text)) return;
        List<TextChange> changes = NormalForm.Decompose(text.Text, compatibility);
        text.Transform(compose ? NormalForm.Compose(changes) : changes);
    }
}
