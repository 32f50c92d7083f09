using Sinter.Data;
using Sinter.Monitoring;
using Sinter.Text;

namespace Sinter.Cli.Shell;

/// <summary>Writes rows as text: what is learned in colour, or between signs where there is none.</summary>
/// <param name="output">Where to.</param>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="hasColor">Whether escape sequences are welcome.</param>
internal sealed class ShownText(TextWriter output, ITokenizer tokenizer, bool hasColor)
{
    private const string Green = "\u001b[32m", Reset = "\u001b[0m";

    /// <summary>Writes a row; the target behind its last token, which no token of the row shows, too.</summary>
    public void Write(ShownRow row)
    {
        for (int at = 0; at < row.Tokens.Length;)
        {
            int end = EndOfText(row, at);
            if (row.Texts > 1) output.WriteLine($"   {end - at} tokens:");
            for (int from = at; from < end;)
            {
                bool learned = row.IsLearned(from);
                int to = from;
                while (to < end && row.IsLearned(to) == learned) to++;
                // A text's last target is not among its tokens.
                bool hasLast = to == end && row.PredictsNext && row.Targets[end - 1] != ISequences.IgnoredTarget;
                Write([.. row.Tokens[from..to], .. hasLast && learned ? [row.Targets[end - 1]] : Array.Empty<int>()], learned);
                if (hasLast && !learned) Write([row.Targets[end - 1]], learned: true);
                from = to;
            }
            output.WriteLine();
            at = end;
        }
    }

    private static int EndOfText(ShownRow row, int at)
    {
        if (row.Segments.Length == 0) return row.Tokens.Length;
        int end = at;
        while (end < row.Tokens.Length && row.Segments[end] == row.Segments[at]) end++;
        return end;
    }

    private void Write(int[] tokens, bool learned)
    {
        string text = PrintableText.Of(tokenizer.Decode(tokens)).Replace("\n", "⏎\n", StringComparison.Ordinal);
        output.Write(!learned ? text : hasColor ? Green + text.Replace("\n", $"{Reset}\n{Green}", StringComparison.Ordinal) + Reset : $"⟦{text}⟧");
    }
}
