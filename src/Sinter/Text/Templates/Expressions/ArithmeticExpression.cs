using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a + b</c> and its like.</summary>
internal sealed class ArithmeticExpression(int at, string sign, Expression left, Expression right) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? x = left.Evaluate(run, scope), y = right.Evaluate(run, scope);
        run.Step(At);
        return Arithmetic.Apply(run, sign, x, y);
    }
}
