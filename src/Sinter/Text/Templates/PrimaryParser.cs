using System.Globalization;
using Sinter.Text.Templates.Expressions;

namespace Sinter.Text.Templates;

/// <summary>Reads what operators stand between: literals, names, and brackets of each kind.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="expressions">Reads what is in brackets, and hears of names.</param>
internal sealed class PrimaryParser(TokenCursor tokens, ExpressionParser expressions)
{
    /// <summary>A value: a literal, a name, or what stands in brackets.</summary>
    public Expression Parse()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Name: return ParseWord(token);
            case TemplateTokenKind.Integer: return new Literal(token.At, Integer(token));
            case TemplateTokenKind.Float: return new Literal(token.At, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TemplateTokenKind.Text: return ParseText(token);
            case TemplateTokenKind.Sign when token.Text == "(": return ParseBracket(token);
            case TemplateTokenKind.Sign when token.Text == "[": return ParseList(token);
            case TemplateTokenKind.Sign when token.Text == "{": return ParseDict(token);
            default: throw tokens.Error(token, $"a value was expected, and {token.Shown} found");
        }
    }

    private Expression ParseWord(TemplateToken token)
    {
        switch (token.Text)
        {
            case "true" or "True": return new Literal(token.At, true);
            case "false" or "False": return new Literal(token.At, false);
            case "none" or "None": return new Literal(token.At, null);
            default:
                expressions.Names.Add(token.Text);
                return new NameExpression(token.At, token.Text);
        }
    }

    private Literal ParseText(TemplateToken token)
    {
        string text = token.Text;
        while (tokens.Current.Kind == TemplateTokenKind.Text) text += tokens.Take().Text;
        return new(token.At, text);
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="TemplateException">64 bits do not hold it.</exception>
    public long Integer(TemplateToken token) => long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number : throw tokens.Error(token, $"{token.Text} is larger than 64 bits hold");

    private Expression ParseBracket(TemplateToken open)
    {
        if (tokens.Skip(")")) return new ListExpression(open.At, [], isTuple: true);
        var value = expressions.ParseTuple();
        tokens.Expect(")");
        return value;
    }

    private ListExpression ParseList(TemplateToken open)
    {
        List<Expression> items = [];
        while (!tokens.Skip("]"))
        {
            items.Add(expressions.Parse());
            if (!tokens.Current.IsSign("]")) tokens.Expect(",");
        }
        return new(open.At, items, isTuple: false);
    }

    private DictExpression ParseDict(TemplateToken open)
    {
        List<(Expression, Expression)> items = [];
        while (!tokens.Skip("}"))
        {
            var key = expressions.Parse();
            tokens.Expect(":");
            items.Add((key, expressions.Parse()));
            if (!tokens.Current.IsSign("}")) tokens.Expect(",");
        }
        return new(open.At, items);
    }
}
