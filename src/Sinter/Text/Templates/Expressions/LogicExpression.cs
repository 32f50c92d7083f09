using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decides.</summary>
internal sealed class LogicExpression(int at, bool isAnd, Expression left, Expression right) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? value = left.Evaluate(run, scope);
        run.Step(At);
        return Value.IsTrue(value) == isAnd ? right.Evaluate(run, scope) : value;
    }
}
