using Sinter.Text.Characters;

namespace Sinter.Text.PreTokenizers;

/// <summary><c>UnicodeScripts</c>: cuts where the script changes; Japanese's three count as one, and a space goes with what is before it.</summary>
internal sealed class ScriptPreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public void Cut(PieceList pieces) => pieces.Replace(static (text, into) =>
    {
        int start = 0, last = 0;
        for (int i = 0; i < text.Length;)
        {
            int script = CharTable.Script(CodePoints.At(text.Text, i, out int length));
            if (script != 0 && last != script)
            {
                // What stands before the first letter of any script is lost, as in the reference.
                if (last != 0) into.Add(new(text.Slice(start, i)));
                start = i;
            }
            if (script != 0) last = script;
            i += length;
        }
        if (last != 0) into.Add(new(text.Slice(start, text.Length)));
    });
}
