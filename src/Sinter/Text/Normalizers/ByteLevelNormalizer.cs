using System.Text;
using Sinter.Text.BytePair;

namespace Sinter.Text.Normalizers;

/// <summary><c>ByteLevel</c>: writes each byte of the text's UTF-8 as a character of GPT-2's alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Replace(static (codePoint, parts) =>
    {
        Span<byte> utf8 = stackalloc byte[4];
        int size = new Rune(codePoint).EncodeToUtf8(utf8);
        foreach (byte b in utf8[..size]) parts.Add(ByteAlphabet.CharOf(b));
    });
}
