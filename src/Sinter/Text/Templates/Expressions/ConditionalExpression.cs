using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a if b else c</c>; without <c>else</c>, nothing.</summary>
internal sealed class ConditionalExpression(int at, Expression condition, Expression value, Expression? other) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        bool holds = Value.IsTrue(condition.Evaluate(run, scope));
        run.Step(At);
        if (holds) return value.Evaluate(run, scope);
        return other is null ? new Undefined("the condition does not hold, and there is no 'else'") : other.Evaluate(run, scope);
    }
}
