using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>BertNormalizer</c>: the cleaning of BERT's original code, its steps in order.</summary>
/// <param name="clean">Control characters go, and all white space becomes a space.</param>
/// <param name="chinese">Spaces are put around Chinese characters.</param>
/// <param name="stripAccents">The text is decomposed and loses its marks.</param>
/// <param name="lowercase">The text is made lower case.</param>
internal sealed class BertNormalizer(bool clean, bool chinese, bool stripAccents, bool lowercase) : INormalizer
{
    private static readonly UnicodeNormalizer Decompose = new UnicodeNormalizer(compatibility: false, compose: false);
    private static readonly FilterNormalizer NoMarks = new FilterNormalizer(CharFlags.NonSpacing);
    private static readonly LowercaseNormalizer Lower = new LowercaseNormalizer();

    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        if (clean) text.Replace(CharFlags.Control | CharFlags.CleanSpace, static (codePoint, parts) =>
        {
            if (!CharTable.Is(codePoint, CharFlags.Control)) parts.Add(' ');
        });
        if (chinese) Separate(text);
        if (stripAccents)
        {
            Decompose.Normalize(text);
            NoMarks.Normalize(text);
        }
        if (lowercase) Lower.Normalize(text);
    }

    private static void Separate(NormalizedText text)
    {
        List<TextChange> changes = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.At(text.Text, i, out int length);
            i += length;
            if (!IsChinese(codePoint))
            {
                changes.Add(new(codePoint, 0));
                continue;
            }
            // The space before takes the character's place, and the character is what is added: so the reference has it.
            changes.AddRange([new(' ', 0), new(codePoint, 1), new(' ', 1)]);
        }
        if (changes.Exists(c => c.Change > 0)) text.Transform(changes);
    }

    private static bool IsChinese(int c) => c is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
