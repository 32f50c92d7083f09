using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Statements;

namespace Sinter.Text.Templates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class TemplateParser
{
    private static readonly string[] s_statements = ["if", "for", "set", "macro", "call", "filter", "with", "generation", "raw", "break", "continue"];

    private readonly TokenCursor _tokens;
    private readonly ExpressionParser _expressions;
    private int _loops;

    /// <summary>Reads a template's tokens.</summary>
    public TemplateParser(TemplateSource source)
    {
        _tokens = new(source, TemplateLexer.Read(source));
        _expressions = new(_tokens);
    }

    /// <summary>The whole template.</summary>
    public Block Parse() => ParseUntil(null, out _);

    /// <summary>Statements up to one of the words that end them, which is taken with its tag's begin.</summary>
    private Block ParseUntil(TemplateToken? opened, out string end, params ReadOnlySpan<string> ends)
    {
        _tokens.RequireStack();
        List<Statement> statements = [];
        while (true)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TemplateTokenKind.Data: statements.Add(new TextStatement(token.At, token.Text)); break;
                case TemplateTokenKind.OutputBegin: statements.Add(ParseOutput(token)); break;
                case TemplateTokenKind.BlockBegin:
                    var word = _tokens.Expect(TemplateTokenKind.Name, "a statement");
                    if (ends.Contains(end = word.Text)) return new Block(statements);
                    statements.Add(ParseStatement(word));
                    break;
                default:
                    if (opened is { } open) throw _tokens.Error(open, $"'{open.Text}' does not end; close it with '{{% {ends[^1]} %}}'");
                    end = "";
                    return new Block(statements);
            }
        }
    }

    /// <summary>The body of a statement, up to the word that ends it.</summary>
    private Block ParseBody(TemplateToken word, string end)
    {
        EndTag();
        var body = ParseUntil(word, out _, end);
        EndTag();
        return body;
    }

    private void EndTag() => _tokens.Expect(TemplateTokenKind.BlockEnd, "the end of the tag");

    private OutputStatement ParseOutput(TemplateToken token)
    {
        var value = _expressions.ParseTuple();
        _tokens.Expect(TemplateTokenKind.OutputEnd, "an operator or the end of the tag");
        return new(token.At, value);
    }

    private Statement ParseStatement(TemplateToken word) => word.Text switch
    {
        "if" => ParseIf(word),
        "for" => ParseFor(word),
        "set" => ParseSet(word),
        "macro" => new MacroStatement(ParseMacro(word)),
        "call" => ParseCall(word),
        "filter" => new FilterBlock(word.At, _expressions.ParseFilters(), ParseBody(word, "endfilter")),
        "with" => ParseWith(word),
        "generation" => new GenerationStatement(word.At, ParseBody(word, "endgeneration")),
        "break" => ParseLoopControl(word, Flow.Break),
        "continue" => ParseLoopControl(word, Flow.Continue),
        _ => throw _tokens.Error(word, word.Text.StartsWith("end", StringComparison.Ordinal) || word.Text is "else" or "elif"
            ? $"'{word.Text}' ends nothing that is open" : $"'{word.Text}' is no statement of chat templates; there are {string.Join(", ", s_statements)}"),
    };

    private IfStatement ParseIf(TemplateToken word)
    {
        List<(Expression, Block)> branches = [];
        Block? otherwise = null;
        string end = "elif";
        while (end == "elif")
        {
            var condition = _expressions.ParseTuple();
            EndTag();
            branches.Add((condition, ParseUntil(word, out end, "elif", "else", "endif")));
        }
        if (end == "else") otherwise = ParseBody(word, "endif");
        else EndTag();
        return new(branches, otherwise);
    }

    private ForStatement ParseFor(TemplateToken word)
    {
        var target = ParseTarget();
        if (!_tokens.SkipName("in")) throw _tokens.Unexpected("'in'");
        var items = _expressions.ParseTuple(withCondition: false);
        var condition = _tokens.SkipName("if") ? _expressions.Parse() : null;
        if (_tokens.Current.IsName("recursive")) throw _tokens.Error(_tokens.Current, "recursive loops are not supported in chat templates");
        EndTag();
        _loops++;
        var body = ParseUntil(word, out string end, "else", "endfor");
        _loops--;
        Block? otherwise = null;
        if (end == "else") otherwise = ParseBody(word, "endfor");
        else EndTag();
        return new(word.At, target, items, condition, body, otherwise);
    }

    private Target ParseTarget()
    {
        List<Target> targets = [ParseOneTarget()];
        if (!_tokens.Current.IsSign(",")) return targets[0];
        while (_tokens.Skip(",") && (_tokens.Current.IsSign("(") || (_tokens.Current.Kind == TemplateTokenKind.Name && !_tokens.Current.IsName("in")))) targets.Add(ParseOneTarget());
        return new TupleTarget(targets);
    }

    private Target ParseOneTarget()
    {
        _tokens.RequireStack();
        if (_tokens.Skip("("))
        {
            var inner = ParseTarget();
            _tokens.Expect(")");
            return inner;
        }
        var name = _tokens.Expect(TemplateTokenKind.Name, "a name to set");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None" or "loop") throw _tokens.Error(name, $"'{name.Text}' can't be set");
        return _tokens.Skip(".") ? new NamespaceTarget(name.Text, _tokens.Expect(TemplateTokenKind.Name, "a name").Text) : new NameTarget(name.Text);
    }

    private Statement ParseSet(TemplateToken word)
    {
        var target = ParseTarget();
        if (!_tokens.Skip("="))
        {
            var filters = _tokens.Skip("|") ? _expressions.ParseFilters() : [];
            return new SetBlock(word.At, target, filters, ParseBody(word, "endset"));
        }
        var value = _expressions.ParseTuple();
        EndTag();
        return new SetStatement(word.At, target, value);
    }

    private Macro ParseMacro(TemplateToken word)
    {
        string name = _tokens.Expect(TemplateTokenKind.Name, "the macro's name").Text;
        return ParseMacro(word, name, ParseParameters(), "endmacro");
    }

    private Macro ParseMacro(TemplateToken word, string name, List<(string, Expression?)> parameters, string end)
    {
        int loops = _loops;
        _loops = 0;
        HashSet<string> before = [.. _expressions.Names];
        _expressions.Names.ExceptWith(["varargs", "kwargs"]);
        var body = ParseBody(word, end);
        bool takesMore = _expressions.Names.Overlaps(["varargs", "kwargs"]);
        _expressions.Names.UnionWith(before);
        _loops = loops;
        return new(name, parameters, body, takesMore);
    }

    private List<(string Name, Expression? Missing)> ParseParameters()
    {
        List<(string, Expression?)> parameters = [];
        _tokens.Expect("(");
        while (!_tokens.Skip(")"))
        {
            var name = _tokens.Expect(TemplateTokenKind.Name, "a parameter's name");
            bool hasValue = _tokens.Skip("=");
            if (!hasValue && parameters is [.., (_, not null)]) throw _tokens.Error(name, $"'{name.Text}' needs a value: the parameter before it has one");
            parameters.Add((name.Text, hasValue ? _expressions.Parse() : null));
            if (!_tokens.Current.IsSign(")")) _tokens.Expect(",");
        }
        return parameters;
    }

    private CallBlock ParseCall(TemplateToken word)
    {
        var parameters = _tokens.Current.IsSign("(") ? ParseParameters() : [];
        var call = _expressions.ParseCall();
        return new(word.At, call, ParseMacro(word, "caller", parameters, "endcall"));
    }

    private WithStatement ParseWith(TemplateToken word)
    {
        List<(Target, Expression)> names = [];
        while (_tokens.Current.Kind != TemplateTokenKind.BlockEnd)
        {
            if (names.Count > 0) _tokens.Expect(",");
            var target = ParseOneTarget();
            _tokens.Expect("=");
            names.Add((target, _expressions.Parse()));
        }
        return new(names, ParseBody(word, "endwith"));
    }

    private LoopControl ParseLoopControl(TemplateToken word, Flow flow)
    {
        if (_loops == 0) throw _tokens.Error(word, $"'{word.Text}' stands outside of a loop");
        EndTag();
        return new(flow);
    }
}
