using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary>What <c>loop</c> is inside <c>{% for %}</c>.</summary>
internal sealed class Loop(List<object?> items)
{
    private object? _seen = new Undefined("nothing yet");

    /// <summary>The place of the item at hand.</summary>
    public int Index { get; set; }

    /// <summary>A member of it.</summary>
    public object? Member(string name) => name switch
    {
        "index0" => (long)Index,
        "index" => Index + 1L,
        "revindex0" => items.Count - 1L - Index,
        "revindex" => (long)(items.Count - Index),
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new Undefined("there is no item before the first one"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new Undefined("there is no item behind the last one"),
        "cycle" => new Callable("loop.cycle", (_, arguments) => arguments.Places is [] ? throw new TemplateFault("loop.cycle needs values")
            : arguments.Places[Index % arguments.Places.Count]),
        "changed" => new Callable("loop.changed", (_, arguments) => Changed(new TemplateTuple(arguments.Places))),
        _ => new Undefined($"a loop has no member '{name}'"),
    };

    private object Changed(TemplateTuple values)
    {
        bool same = Value.AreEqual(_seen, values);
        _seen = values;
        return !same;
    }
}
