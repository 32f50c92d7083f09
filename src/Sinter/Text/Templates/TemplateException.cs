namespace Sinter.Text.Templates;

/// <summary>A template that can't be read or rendered; the message names it, the line and the column.</summary>
public sealed class TemplateException : SinterException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">What the template is called.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1, in UTF-16 units.</param>
    /// <param name="what">What is wrong.</param>
    public TemplateException(string name, int line, int column, string what) : base($"{name}, line {line}, column {column}: {what}") =>
        (Line, Column) = (line, column);

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1, in UTF-16 units.</summary>
    public int Column { get; }
}
