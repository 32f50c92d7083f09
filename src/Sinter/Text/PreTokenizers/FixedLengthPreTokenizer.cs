using Sinter.Text.Characters;

namespace Sinter.Text.PreTokenizers;

/// <summary><c>FixedLength</c>: pieces of a number of code points.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Cut(PieceList pieces) => pieces.Replace((text, into) =>
    {
        for (int start = 0, i = 0; start < text.Length; start = i)
        {
            for (int n = 0; n < length && i < text.Length; n++)
            {
                CodePoints.At(text.Text, i, out int units);
                i += units;
            }
            into.Add(new(text.Slice(start, i)));
        }
    });
}
