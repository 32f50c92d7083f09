using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{{ value }}</c></summary>
internal sealed class OutputStatement(int at, Expression value) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        object? found = value.Evaluate(run, scope);
        run.Step(at);
        run.Write(ValueText.Of(found));
        return Flow.Next;
    }
}
