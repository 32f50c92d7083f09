namespace Sinter.Text.Templates.Expressions;

/// <summary>A name.</summary>
internal sealed class NameExpression(int at, string name) : Expression(at)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        run.Step(At);
        return scope[name];
    }
}
