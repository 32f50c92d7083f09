using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>not a</c>.</summary>
internal sealed class NotExpression(int at, Expression value) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope) => !Value.IsTrue(value.Evaluate(run, scope));
}
