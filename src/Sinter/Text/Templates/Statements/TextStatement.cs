namespace Sinter.Text.Templates.Statements;

/// <summary>Text as it is.</summary>
internal sealed class TextStatement(int at, string text) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        run.Step(at);
        run.Write(text);
        return Flow.Next;
    }
}
