using System.Text;

namespace Sinter.Text.Patterns;

/// <summary>Collects the distinct code points of texts.</summary>
internal sealed class CharacterSet
{
    private readonly bool[] _seen = new bool[0x110000];

    /// <summary>Adds a text's characters; an unpaired surrogate counts as U+FFFD.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!char.IsSurrogate(c)) _seen[c] = true;
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                _seen[char.ConvertToUtf32(c, text[++i])] = true;
            else _seen[0xFFFD] = true;
        }
    }

    /// <summary>The characters seen, by value.</summary>
    public Rune[] ToSortedArray()
    {
        List<Rune> runes = [];
        for (int c = 0; c < _seen.Length; c++)
            if (_seen[c]) runes.Add(new Rune(c));
        return [.. runes];
    }
}
