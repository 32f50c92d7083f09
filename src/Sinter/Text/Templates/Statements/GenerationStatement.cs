namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% generation %}</c>: the text that the assistant writes, which is what a model learns.</summary>
internal sealed class GenerationStatement(int at, Block body) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        run.Step(at);
        run.Generate(() => body.Execute(run, new TemplateScope(scope)));
        return Flow.Next;
    }
}
