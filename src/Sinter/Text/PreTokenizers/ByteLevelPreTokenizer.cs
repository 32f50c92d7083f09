using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;

namespace Sinter.Text.PreTokenizers;

/// <summary><c>ByteLevel</c>: cuts as GPT-2 does, and writes each byte of UTF-8 as a character of its alphabet.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool cut) : IPreTokenizer
{
    private static readonly INormalizer Alphabet = new ByteLevelNormalizer();
    private static readonly ITextPattern Words = new WordPattern(SplitPattern.Gpt2);

    /// <inheritdoc/>
    public void Cut(PieceList pieces)
    {
        if (addPrefixSpace) pieces.Change(static text =>
        {
            if (text.Text[0] != ' ') text.Prepend(" ");
        });
        if (cut) pieces.Split(Words, SplitBehavior.Isolated);
        pieces.Change(Alphabet.Normalize);
    }
}
