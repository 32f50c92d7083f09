using Sinter.Text.Templates.Functions;
using Sinter.Text.Templates.Statements;

namespace Sinter.Text.Templates;

/// <summary>
/// A template in the part of Jinja2 that chat templates use, with the settings and additions of transformers' <c>apply_chat_template</c>: <c>trim_blocks</c>,
/// <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, <c>tojson</c>, <c>raise_exception</c>, <c>strftime_now</c>, <c>{% generation %}</c>. It can call nothing
/// but what is listed in <c>Functions</c>, change no value that it is given, and takes no more than <see cref="TemplateLimits"/>. Immutable; safe on several threads.
/// </summary>
/// <remarks>Left out, with an error that says so: inheritance and includes, recursive loops, the filters that make HTML, <c>%</c> on texts. <c>upper</c> and
/// <c>lower</c> change letter by letter, save ß: ligatures and İ stay as they are.</remarks>
internal sealed class Template
{
    private readonly TemplateSource _source;
    private readonly Block _body;

    private Template(TemplateSource source, Block body) => (_source, _body) = (source, body);

    /// <summary>Reads a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TemplateException">It is no template of this language; the message says where.</exception>
    public static Template Parse(string text, string name = "template")
    {
        TemplateSource source = new(text, name);
        return new(source, new TemplateParser(source).Parse());
    }

    /// <summary>The text that the template makes.</summary>
    /// <param name="values">The names that it may use.</param>
    /// <param name="limits">What it may take.</param>
    /// <param name="now">The time that <c>strftime_now</c> tells; null has it refuse.</param>
    /// <exception cref="TemplateException">It fails, refuses its input (<c>raise_exception</c>) or takes too much.</exception>
    public RenderedText Render(IEnumerable<KeyValuePair<string, object?>> values, TemplateLimits? limits = null, Func<DateTime>? now = null)
    {
        TemplateRun run = new(limits ?? TemplateLimits.Default, now);
        TemplateScope scope = new(Globals.Scope);
        foreach (var (name, value) in values) scope[name] = value;
        try
        {
            _body.Execute(run, scope);
            return new(run.Text, run.Generated);
        }
        catch (TemplateFault fault)
        {
            throw _source.Error(run.At, fault.Message);
        }
    }
}
