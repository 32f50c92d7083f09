using Sinter.Text.Templates.Expressions;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% with a = 1 %}</c>: names that are gone behind it.</summary>
internal sealed class WithStatement(List<(Target Target, Expression Value)> names, Block body) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        TemplateScope inner = new(scope);
        foreach (var (target, value) in names) target.Set(inner, value.Evaluate(run, scope));
        return body.Execute(run, inner);
    }
}
