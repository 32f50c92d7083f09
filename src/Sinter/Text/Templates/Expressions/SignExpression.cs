using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>-a</c> and <c>+a</c>.</summary>
internal sealed class SignExpression(int at, Expression value, bool negative) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? input = value.Evaluate(run, scope);
        run.Step(At);
        return Arithmetic.Sign(input, negative);
    }
}
