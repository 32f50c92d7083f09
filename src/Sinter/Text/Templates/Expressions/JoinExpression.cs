using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a ~ b</c>: both as text.</summary>
internal sealed class JoinExpression(int at, List<Expression> parts) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        string text = string.Concat(parts.ConvertAll(p => ValueText.Of(p.Evaluate(run, scope))));
        run.Step(At);
        run.Charge(text.Length);
        return text;
    }
}
