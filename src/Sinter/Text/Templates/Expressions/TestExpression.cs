using Sinter.Text.Templates.Functions;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>value is test</c>, or <c>is not</c>.</summary>
internal sealed class TestExpression(int at, Expression value, string name, ValueTest test, CallArguments arguments, bool negated) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? input = value.Evaluate(run, scope);
        var values = arguments.Evaluate(name, run, scope);
        run.Step(At);
        return test(input, values) != negated;
    }
}
