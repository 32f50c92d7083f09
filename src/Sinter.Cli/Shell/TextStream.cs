using Sinter.Monitoring;
using Sinter.Text;

namespace Sinter.Cli.Shell;

/// <summary>Shows tokens as they are made: as text where there is a tokenizer, else as ids.</summary>
internal sealed class TextStream
{
    private const string Dim = "\u001b[2m", Reset = "\u001b[0m";
    private readonly TextWriter _output;
    private readonly StreamingDecoder? _decoder;
    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private bool _began, _endsLine;

    /// <summary>Begins with the prompt, dim where the terminal can.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="tokenizer">The tokenizer, if there is one.</param>
    /// <param name="prompt">The prompt, if it was a text.</param>
    /// <param name="tokens">The prompt's tokens, behind which a first word keeps its space.</param>
    public TextStream(TextWriter output, ITokenizer? tokenizer, string? prompt, IReadOnlyList<int> tokens)
    {
        (_output, _decoder) = (output, tokenizer is null ? null : new StreamingDecoder(tokenizer, [.. tokens]));
        if (prompt is { Length: > 0 }) Show(prompt, Messages.HasColor(Console.IsOutputRedirected));
    }

    /// <summary>One more token.</summary>
    public void Append(int token)
    {
        if (_decoder is { } decoder) Show(decoder.Append(token));
        else _output.Write(_began ? $",{token}" : $"{token}");
        _began = true;
    }

    /// <summary>Ends with a line's end.</summary>
    public void Finish()
    {
        if (_decoder is { } decoder) Show(decoder.Finish());
        if (!_endsLine) _output.WriteLine();
        _output.Flush();
    }

    // A terminal must not obey what a model makes up; a file gets the text as it is.
    private void Show(string text, bool dim = false)
    {
        if (text.Length == 0) return;
        string shown = _isTerminal ? PrintableText.Of(text) : text;
        _output.Write(dim ? Dim + shown + Reset : shown);
        if (_isTerminal) _output.Flush();
        _endsLine = text[^1] == '\n';
    }
}
