namespace Sinter.Text.Templates;

/// <summary>Walks through the tokens of a template.</summary>
internal sealed class TokenCursor(TemplateSource source, List<TemplateToken> tokens)
{
    private int _next;

    /// <summary>The token at hand.</summary>
    public TemplateToken Current => tokens[_next];

    /// <summary>Takes the token at hand.</summary>
    public TemplateToken Take()
    {
        var token = tokens[_next];
        if (token.Kind != TemplateTokenKind.End) _next++;
        return token;
    }

    /// <summary>Takes a sign if it is at hand.</summary>
    public bool Skip(string sign)
    {
        bool isThere = Current.IsSign(sign);
        if (isThere) Take();
        return isThere;
    }

    /// <summary>Takes a word if it is at hand.</summary>
    public bool SkipName(string name)
    {
        bool isThere = Current.IsName(name);
        if (isThere) Take();
        return isThere;
    }

    /// <summary>Takes what must be at hand.</summary>
    public TemplateToken Expect(TemplateTokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    /// <summary>Takes a sign that must be at hand.</summary>
    public void Expect(string sign)
    {
        if (!Skip(sign)) throw Unexpected($"'{sign}'");
    }

    /// <summary>An error at the token at hand.</summary>
    public TemplateException Unexpected(string expected) => Error(Current, $"{expected} was expected, and {Current.Shown} found");

    /// <summary>An error at a token.</summary>
    public TemplateException Error(TemplateToken token, string what) => source.Error(token.At, what);

    /// <summary>Refuses what lies too deep for the stack.</summary>
    public void RequireStack()
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Error(Current, "the template's parts lie too deep within each other");
    }
}
