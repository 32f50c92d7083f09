namespace Sinter.Text.Templates.Expressions;

/// <summary>A part of a template that has a value.</summary>
/// <param name="at">Where it stands.</param>
internal abstract class Expression(int at)
{
    /// <summary>Where it stands.</summary>
    public int At => at;

    /// <summary>Its value.</summary>
    public abstract object? Evaluate(TemplateRun run, TemplateScope scope);
}
