using Sinter.Text.Templates.Functions;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>value | filter(…)</c>.</summary>
internal sealed class FilterExpression(int at, Expression value, string name, Filter filter, CallArguments arguments) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope) => Apply(value.Evaluate(run, scope), run, scope);

    /// <summary>The filter of a value.</summary>
    public object? Apply(object? input, TemplateRun run, TemplateScope scope)
    {
        var values = arguments.Evaluate(name, run, scope);
        run.Step(At);
        return filter(run, input, values);
    }
}
