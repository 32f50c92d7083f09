using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Functions;

namespace Sinter.Text.Templates;

/// <summary>Reads expressions, by Jinja2's order of operators: conditions bind least, then or, and, not, comparisons, sums, <c>~</c>, products, powers, signs, and
/// filters most of all.</summary>
internal sealed class ExpressionParser(TokenCursor tokens)
{
    // What a filter, a test or a bracket of a bracket may reach is far less; without an end the stack would be.
    private const int DeepestNesting = 200;
    private static readonly string[] s_comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private int _depth;

    /// <summary>The names that were read, for macros to know what they use.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    private PrimaryParser Primary => field ??= new(tokens, this);

    /// <summary>An expression, with its condition unless that belongs to a loop.</summary>
    public Expression Parse(bool withCondition = true)
    {
        Enter();
        var value = withCondition ? ParseCondition() : ParseOr();
        _depth--;
        return value;
    }

    private void Enter()
    {
        tokens.RequireStack();
        if (++_depth > DeepestNesting) throw tokens.Error(tokens.Current, $"more than {DeepestNesting} expressions lie within each other");
    }

    /// <summary>One expression, or several with commas: a tuple.</summary>
    public Expression ParseTuple(bool withCondition = true)
    {
        var token = tokens.Current;
        var first = Parse(withCondition);
        if (!tokens.Current.IsSign(",")) return first;
        List<Expression> items = [first];
        while (tokens.Skip(",") && StartsExpression(tokens.Current)) items.Add(Parse(withCondition));
        return new ListExpression(token.At, items, isTuple: true);
    }

    /// <summary>The filters behind a block's name: <c>a | b(…)</c>, of whatever the block writes.</summary>
    public List<FilterExpression> ParseFilters()
    {
        List<FilterExpression> filters = [];
        do filters.Add(ParseFilter(new Literal(tokens.Current.At, null)));
        while (tokens.Skip("|"));
        return filters;
    }

    /// <summary>A call, which must be one.</summary>
    public CallExpression ParseCall() => ParseUnary() as CallExpression ?? throw tokens.Unexpected("a call");

    private static bool StartsExpression(TemplateToken token) => token.Kind switch
    {
        TemplateTokenKind.Name => token.Text is not ("in" or "if" or "else" or "recursive"),
        TemplateTokenKind.Text or TemplateTokenKind.Integer or TemplateTokenKind.Float => true,
        TemplateTokenKind.Sign => token.Text is "(" or "[" or "{" or "-" or "+",
        _ => false,
    };

    private Expression ParseCondition()
    {
        var value = ParseOr();
        while (tokens.Current.IsName("if"))
        {
            int at = tokens.Take().At;
            var condition = ParseOr();
            value = new ConditionalExpression(at, condition, value, tokens.SkipName("else") ? Parse() : null);
        }
        return value;
    }

    private Expression ParseOr() => ParseLogic("or", ParseAnd);

    private Expression ParseAnd() => ParseLogic("and", ParseNot);

    private Expression ParseLogic(string word, Func<Expression> part)
    {
        var left = part();
        while (tokens.Current.IsName(word)) left = new LogicExpression(tokens.Take().At, word == "and", left, part());
        return left;
    }

    private Expression ParseNot()
    {
        if (!tokens.Current.IsName("not")) return ParseComparison();
        tokens.RequireStack();
        return new NotExpression(tokens.Take().At, ParseNot());
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        List<(string, Expression)> others = [];
        int at = tokens.Current.At;
        while (TakeComparison() is { } sign) others.Add((sign, ParseSum()));
        return others.Count == 0 ? first : new ComparisonExpression(at, first, others);
    }

    private string? TakeComparison()
    {
        if (tokens.Current.Kind == TemplateTokenKind.Sign && s_comparisons.Contains(tokens.Current.Text)) return tokens.Take().Text;
        if (tokens.SkipName("in")) return "in";
        if (!tokens.SkipName("not")) return null;
        return tokens.SkipName("in") ? "not in" : throw tokens.Unexpected("'in'");
    }

    private Expression ParseSum() => ParseArithmetic(ParseJoin, "+", "-");

    private Expression ParseJoin()
    {
        var token = tokens.Current;
        List<Expression> parts = [ParseProduct()];
        while (tokens.Skip("~")) parts.Add(ParseProduct());
        return parts is [var only] ? only : new JoinExpression(token.At, parts);
    }

    private Expression ParseProduct() => ParseArithmetic(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseArithmetic(() => ParseUnary(), "**");

    private Expression ParseArithmetic(Func<Expression> part, params string[] signs)
    {
        var left = part();
        while (tokens.Current.Kind == TemplateTokenKind.Sign && signs.Contains(tokens.Current.Text))
        {
            var sign = tokens.Take();
            left = new ArithmeticExpression(sign.At, sign.Text, left, part());
        }
        return left;
    }

    private Expression ParseUnary(bool withFilters = true)
    {
        Enter();
        var token = tokens.Current;
        var value = tokens.Skip("-") ? new SignExpression(token.At, ParseUnary(false), negative: true)
            : tokens.Skip("+") ? new SignExpression(token.At, ParseUnary(false), negative: false) : Primary.Parse();
        _depth--;
        value = ParseMembers(value);
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (tokens.Skip("|")) value = ParseFilter(value);
            else if (tokens.Current.IsName("is")) value = ParseTest(value);
            else if (tokens.Current.IsSign("(")) value = new CallExpression(tokens.Current.At, value, ParseArguments());
            else return value;
        }
    }

    private FilterExpression ParseFilter(Expression value)
    {
        var name = tokens.Expect(TemplateTokenKind.Name, "the name of a filter");
        var filter = Filters.Find(name.Text) ?? throw tokens.Error(name, $"there is no filter '{name.Text}' in chat templates; there are {Listed(Filters.Names)}");
        return new(name.At, value, name.Text, filter, tokens.Current.IsSign("(") ? ParseArguments() : CallArguments.None);
    }

    private TestExpression ParseTest(Expression value)
    {
        tokens.Take();
        bool negated = tokens.SkipName("not");
        var name = tokens.Expect(TemplateTokenKind.Name, "the name of a test");
        var test = Tests.Find(name.Text) ?? throw tokens.Error(name, $"there is no test '{name.Text}' in chat templates; there are {Listed(Tests.Names)}");
        var arguments = tokens.Current.IsSign("(") ? ParseArguments() : HasOneArgument() ? new([(ParseMembers(Primary.Parse()), false)], []) : CallArguments.None;
        return new(name.At, value, name.Text, test, arguments, negated);
    }

    private bool HasOneArgument() => tokens.Current.Kind switch
    {
        TemplateTokenKind.Name => tokens.Current.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"),
        TemplateTokenKind.Text or TemplateTokenKind.Integer or TemplateTokenKind.Float => true,
        TemplateTokenKind.Sign => tokens.Current.Text is "[" or "{",
        _ => false,
    };

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Where(n => char.IsLetter(n[0])).Order(StringComparer.Ordinal));

    private Expression ParseMembers(Expression value)
    {
        while (true)
        {
            int at = tokens.Current.At;
            if (tokens.Skip(".")) value = ParseName(at, value);
            else if (tokens.Skip("[")) value = ParseItem(at, value);
            else if (tokens.Current.IsSign("(")) value = new CallExpression(at, value, ParseArguments());
            else return value;
        }
    }

    private MemberExpression ParseName(int at, Expression owner)
    {
        var member = tokens.Take();
        return member.Kind switch
        {
            TemplateTokenKind.Name => new(at, owner, new Literal(member.At, member.Text), isName: true),
            TemplateTokenKind.Integer => new(at, owner, new Literal(member.At, Primary.Integer(member)), isName: false),
            _ => throw tokens.Error(member, $"a name was expected behind '.', and {member.Shown} found"),
        };
    }

    private Expression ParseItem(int at, Expression owner)
    {
        var first = tokens.Current.IsSign(":") ? null : Parse();
        if (first is not null && tokens.Skip("]")) return new MemberExpression(at, owner, first, isName: false);
        tokens.Expect(":");
        var stop = EndsSlice() ? null : Parse();
        var step = tokens.Skip(":") && !EndsSlice() ? Parse() : null;
        tokens.Expect("]");
        return new SliceExpression(at, owner, first, stop, step);
    }

    private bool EndsSlice() => tokens.Current.IsSign(":") || tokens.Current.IsSign("]");

    private CallArguments ParseArguments()
    {
        CallArguments arguments = new([], []);
        tokens.Expect("(");
        while (!tokens.Skip(")"))
        {
            ParseArgument(arguments);
            if (!tokens.Current.IsSign(")")) tokens.Expect(",");
        }
        return arguments;
    }

    private void ParseArgument(CallArguments arguments)
    {
        var token = tokens.Current;
        if (tokens.Skip("**"))
        {
            arguments.Names.Add((null, Parse()));
            return;
        }
        bool starred = tokens.Skip("*");
        var value = Parse();
        if (!starred && value is NameExpression name && tokens.Skip("="))
        {
            Names.Remove(name.Name);
            arguments.Names.Add((name.Name, Parse()));
        }
        else if (arguments.Names.Count > 0) throw tokens.Error(token, "an argument without a name can't stand behind one with a name");
        else arguments.Places.Add((value, starred));
    }
}
