namespace Sinter.Text.Templates;

/// <summary>
/// Cuts a template into text and tags with the white-space rules of chat templates: Jinja2's <c>trim_blocks</c> (the line feed behind a block goes) and
/// <c>lstrip_blocks</c> (white space before a block that begins its line goes), and the signs <c>-</c> and <c>+</c> at the ends of a tag.
/// </summary>
/// <remarks>Behaviour of Jinja2's <c>lexer.py</c> under the settings of transformers' <c>apply_chat_template</c>.</remarks>
internal sealed class TemplateLexer
{
    private readonly TemplateSource _source;
    private readonly string _text;
    private readonly List<TemplateToken> _tokens = [];
    private readonly ExpressionLexer _expressions;
    private int _at;
    private bool _lineStarts = true;

    private TemplateLexer(TemplateSource source)
    {
        (_source, _text) = (source, source.Text);
        _expressions = new(source, _tokens);
    }

    /// <summary>The tokens of a template; the last one is <see cref="TemplateTokenKind.End"/>.</summary>
    /// <exception cref="TemplateException">A tag does not end, or holds what is no token.</exception>
    public static List<TemplateToken> Read(TemplateSource source)
    {
        TemplateLexer lexer = new(source);
        while (lexer.ReadNext()) { }
        lexer._tokens.Add(new(TemplateTokenKind.End, "", source.Text.Length));
        return lexer._tokens;
    }

    private bool ReadNext()
    {
        int open = FindTag();
        if (open < 0)
        {
            AddData(_text.AsSpan(_at), _at);
            return false;
        }
        char kind = _text[open + 1], sign = At(open + 2) is '-' or '+' ? _text[open + 2] : '\0';
        AddData(Before(open, kind, sign), _at);
        _at = open + (sign == '\0' ? 2 : 3);
        if (kind == '#') SkipComment(open);
        else if (kind == '%' && TryReadRaw(open)) return true;
        else ReadTag(open, kind);
        return true;
    }

    private int FindTag()
    {
        for (int i = _text.IndexOf('{', _at); i >= 0; i = _text.IndexOf('{', i + 1))
            if (At(i + 1) is '%' or '{' or '#') return i;
        return -1;
    }

    private char At(int index) => index < _text.Length ? _text[index] : '\0';

    private ReadOnlySpan<char> Before(int open, char kind, char sign)
    {
        var data = _text.AsSpan(_at, open - _at);
        if (sign == '-') return PythonText.TrimEnd(data);
        if (sign == '+' || kind == '{') return data;
        int line = data.LastIndexOf('\n') + 1;
        return (line > 0 || _lineStarts) && PythonText.IsSpace(data[line..]) ? data[..line] : data;
    }

    private void AddData(ReadOnlySpan<char> data, int at)
    {
        if (data.Length > 0) _tokens.Add(new(TemplateTokenKind.Data, data.ToString(), at));
    }

    private void ReadTag(int open, char kind)
    {
        bool isBlock = kind == '%';
        _tokens.Add(new(isBlock ? TemplateTokenKind.BlockBegin : TemplateTokenKind.OutputBegin, "", open));
        int close = _expressions.Read(_at, isBlock ? '%' : '}', open);
        bool strips = At(close) == '-', keeps = At(close) == '+';
        _at = close + (strips || keeps ? 3 : 2);
        _tokens.Add(new(isBlock ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, "", close));
        AfterTag(strips, trims: isBlock && !keeps);
    }

    private void SkipComment(int open)
    {
        int close = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0) throw _source.Error(open, "the comment does not end; close it with '#}'");
        char sign = close > _at ? _text[close - 1] : '\0';
        _at = close + 2;
        AfterTag(strips: sign == '-', trims: sign != '+');
    }

    private void AfterTag(bool strips, bool trims)
    {
        if (strips) _at += PythonText.LeadingSpaces(_text.AsSpan(_at));
        else if (trims && At(_at) == '\n') _at++;
        _lineStarts = _text[_at - 1] == '\n';
    }

    /// <summary>Between <c>{% raw %}</c> and <c>{% endraw %}</c> nothing is a tag.</summary>
    private bool TryReadRaw(int open)
    {
        if (EndOfWord(_at, "raw") is not { } after) return false;
        bool strips = At(after) == '-';
        _at = after + (strips ? 3 : 2);
        if (strips) _at += PythonText.LeadingSpaces(_text.AsSpan(_at));
        _lineStarts = _text[_at - 1] == '\n';
        for (int end = _text.IndexOf("{%", _at, StringComparison.Ordinal); end >= 0; end = _text.IndexOf("{%", end + 2, StringComparison.Ordinal))
        {
            char sign = At(end + 2) is '-' or '+' ? _text[end + 2] : '\0';
            if (EndOfWord(end + (sign == '\0' ? 2 : 3), "endraw") is not { } close) continue;
            AddData(Before(end, '%', sign), _at);
            bool endStrips = At(close) == '-', keeps = At(close) == '+';
            _at = close + (endStrips || keeps ? 3 : 2);
            AfterTag(endStrips, trims: !keeps);
            return true;
        }
        throw _source.Error(open, "the raw block does not end; close it with '{% endraw %}'");
    }

    /// <summary>Where the tag's end begins, its sign included, if the tag holds just this word.</summary>
    private int? EndOfWord(int at, string word)
    {
        at += PythonText.LeadingSpaces(_text.AsSpan(at));
        if (!_text.AsSpan(at).StartsWith(word, StringComparison.Ordinal)) return null;
        at += word.Length;
        at += PythonText.LeadingSpaces(_text.AsSpan(at));
        int percent = At(at) is '-' or '+' ? at + 1 : at;
        return At(percent) == '%' && At(percent + 1) == '}' ? at : null;
    }
}
