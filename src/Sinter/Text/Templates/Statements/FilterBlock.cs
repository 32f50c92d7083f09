using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% filter name %}text{% endfilter %}</c></summary>
internal sealed class FilterBlock(int at, List<FilterExpression> filters, Block body) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        run.Step(at);
        object? value = run.Capture(() => body.Execute(run, new TemplateScope(scope)));
        foreach (var filter in filters) value = filter.Apply(value, run, scope);
        run.Write(ValueText.Of(value));
        return Flow.Next;
    }
}
