namespace Sinter.Text.Templates.Statements;

/// <summary>Statements one after the other.</summary>
internal sealed class Block(List<Statement> statements) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        foreach (var statement in statements)
            if (statement.Execute(run, scope) is var flow && flow != Flow.Next) return flow;
        return Flow.Next;
    }
}
