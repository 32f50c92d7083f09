namespace Sinter.Text.Templates.Expressions;

/// <summary>A value that stands in the template.</summary>
internal sealed class Literal(int at, object? value) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope) => value;
}
