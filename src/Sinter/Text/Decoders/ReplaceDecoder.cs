using System.Text;
using Sinter.Text.Patterns;

namespace Sinter.Text.Decoders;

/// <summary><c>Replace</c>: puts a text in place of each match of a pattern in a token.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : ITokenDecoder
{
    private const int LongestText = 1 << 20;

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        List<TextMatch> matches = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            matches.Clear();
            pattern.Find(tokens[i], matches);
            if (!matches.Exists(m => m.IsMatch)) continue;
            StringBuilder text = new();
            if (tokens[i].Length + (long)matches.Count * content.Length > LongestText)
                throw new DataException($"the tokenizer's decoder makes more than {LongestText} characters of a token; is it the right file?");
            foreach (TextMatch match in matches) text.Append(match.IsMatch ? content : tokens[i].AsSpan(match.Start, match.End - match.Start));
            tokens[i] = text.ToString();
        }
        return tokens;
    }
}
