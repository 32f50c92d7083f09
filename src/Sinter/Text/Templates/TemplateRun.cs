using System.Text;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates;

/// <summary>One rendering: what it has written, what it may still take, and where it is.</summary>
/// <param name="limits">What it may take.</param>
/// <param name="now">The time that <c>strftime_now</c> tells; null has it refuse.</param>
internal sealed class TemplateRun(TemplateLimits limits, Func<DateTime>? now)
{
    private readonly List<Range> _generated = [];
    private StringBuilder _output = new();
    private long _steps, _size;
    private int _depth, _captures;

    /// <summary>Where in the template the operation at hand stands.</summary>
    public int At { get; private set; }

    /// <summary>The text written so far.</summary>
    public string Text => _output.ToString();

    /// <summary>The parts of the text inside <c>{% generation %}</c>.</summary>
    public IReadOnlyList<Range> Generated => _generated;

    /// <summary>The time.</summary>
    public DateTime Now => now?.Invoke() ?? throw new TemplateFault("the template asks for today's date, which would make other text on another day; give it a date");

    /// <summary>One more operation, which stands at a place.</summary>
    public void Step(int at)
    {
        At = at;
        if (++_steps > limits.Steps) throw new TemplateFault($"the template takes more than {limits.Steps} steps");
    }

    /// <summary>So many characters or items are about to be made.</summary>
    public void Charge(long size)
    {
        if (size > limits.Size - _size) throw new TemplateFault($"the template makes more than {limits.Size} characters");
        _size += size;
    }

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        Charge(text.Length);
        _output.Append(text);
    }

    /// <summary>What an action writes, as a text of its own.</summary>
    public string Capture(Action write)
    {
        if (_depth >= limits.Depth) throw new TemplateFault($"more than {limits.Depth} macros lie within each other");
        Value.RequireStack();
        var before = _output;
        _output = new StringBuilder();
        (_depth, _captures) = (_depth + 1, _captures + 1);
        try
        {
            write();
            return _output.ToString();
        }
        finally
        {
            _output = before;
            (_depth, _captures) = (_depth - 1, _captures - 1);
        }
    }

    /// <summary>Remembers where in the text an action writes.</summary>
    public void Generate(Action write)
    {
        if (_captures > 0) throw new TemplateFault("a generation block inside a macro or a set block has no place in the text");
        int start = _output.Length;
        write();
        _generated.Add(start.._output.Length);
    }
}
