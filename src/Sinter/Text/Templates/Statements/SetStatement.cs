using Sinter.Text.Templates.Expressions;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% set target = value %}</c></summary>
internal sealed class SetStatement(int at, Target target, Expression value) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        object? found = value.Evaluate(run, scope);
        run.Step(at);
        target.Set(scope, found);
        return Flow.Next;
    }
}

/// <summary><c>{% set target | filter %}text{% endset %}</c></summary>
internal sealed class SetBlock(int at, Target target, List<FilterExpression> filters, Block body) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        run.Step(at);
        object? value = run.Capture(() => body.Execute(run, new TemplateScope(scope)));
        foreach (var filter in filters) value = filter.Apply(value, run, scope);
        target.Set(scope, value);
        return Flow.Next;
    }
}
