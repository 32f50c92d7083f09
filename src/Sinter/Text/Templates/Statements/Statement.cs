namespace Sinter.Text.Templates.Statements;

/// <summary>How a loop goes on after a statement.</summary>
internal enum Flow
{
    /// <summary>With the next statement.</summary>
    Next,
    /// <summary>With the next item.</summary>
    Continue,
    /// <summary>Not at all.</summary>
    Break,
}

/// <summary>A part of a template that writes or sets something.</summary>
internal abstract class Statement
{
    /// <summary>Does it.</summary>
    public abstract Flow Execute(TemplateRun run, TemplateScope scope);
}
