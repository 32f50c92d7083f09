using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% if %}</c> with its <c>elif</c> and <c>else</c>.</summary>
internal sealed class IfStatement(List<(Expression Condition, Block Body)> branches, Block? otherwise) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        foreach (var (condition, body) in branches)
        {
            bool holds = Value.IsTrue(condition.Evaluate(run, scope));
            run.Step(condition.At);
            if (holds) return body.Execute(run, scope);
        }
        return otherwise?.Execute(run, scope) ?? Flow.Next;
    }
}
