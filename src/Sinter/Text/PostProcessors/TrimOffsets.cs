using System.Runtime.InteropServices;
using Sinter.Text.Characters;

namespace Sinter.Text.PostProcessors;

/// <summary><c>ByteLevel</c>: with <c>trim_offsets</c> white space is not a part of the place that a token stands for.</summary>
/// <param name="trim">Whether to do it.</param>
/// <param name="addPrefixSpace">Whether the text got a space in front, which is then none of its own.</param>
internal sealed class TrimOffsets(bool trim, bool addPrefixSpace) : IPostProcessor
{
    /// <inheritdoc/>
    public int Added(bool pair) => 0;

    /// <inheritdoc/>
    public List<List<EncodedToken>> Process(List<List<EncodedToken>> parts, bool addSpecialTokens)
    {
        if (!trim) return parts;
        foreach (List<EncodedToken> part in parts)
        {
            Span<EncodedToken> tokens = CollectionsMarshal.AsSpan(part);
            for (int i = 0; i < tokens.Length; i++) tokens[i] = Trim(tokens[i], i == 0);
        }
        return parts;
    }

    private EncodedToken Trim(EncodedToken token, bool first)
    {
        int leading = 0, trailing = 0;
        while (leading < token.Text.Length && IsSpace(token.Text[leading])) leading++;
        while (trailing < token.Text.Length && IsSpace(token.Text[^(trailing + 1)])) trailing++;
        (int start, int end) = (token.Start, token.End);
        if (leading == 1 && addPrefixSpace && (first || start == 0)) leading = 0;
        start = Math.Min(start + leading, end);
        if (trailing > 0 && end >= trailing) end = Math.Max(end - trailing, start);
        return token with { Start = start, End = end };
    }

    /// <summary>White space, or the character of the byte-level alphabet that is a space. All of it lies in the basic plane.</summary>
    private static bool IsSpace(char c) => c == '\u0120' || CharTable.Is(c, CharFlags.White);
}
