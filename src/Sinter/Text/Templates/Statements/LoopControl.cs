namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class LoopControl(Flow flow) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope) => flow;
}
