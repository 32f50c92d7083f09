namespace Sinter.Text.Templates.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="function">What is called, for messages.</param>
/// <param name="places">By place.</param>
/// <param name="names">By name.</param>
internal sealed class Arguments(string function, List<object?> places, Dictionary<string, object?>? names = null)
{
    private static readonly Dictionary<string, object?> s_none = [];

    /// <summary>Those by place.</summary>
    public List<object?> Places => places;

    /// <summary>Those by name.</summary>
    public Dictionary<string, object?> Names { get; } = names ?? s_none;

    /// <summary>Refuses arguments that there are not.</summary>
    public Arguments Expect(params ReadOnlySpan<string> parameters)
    {
        if (places.Count > parameters.Length) throw new TemplateFault($"{function} takes {parameters.Length} arguments at most, not {places.Count}");
        foreach (string name in Names.Keys)
        {
            int at = parameters.IndexOf(name);
            if (at < 0) throw new TemplateFault($"{function} has no argument '{name}'");
            if (at < places.Count) throw new TemplateFault($"{function} has two values for its argument '{name}'");
        }
        return this;
    }

    /// <summary>An argument; <paramref name="missing"/> where it is not given.</summary>
    public object? Get(int place, string name, object? missing = null) =>
        place < places.Count ? places[place] : Names.GetValueOrDefault(name, missing);

    /// <summary>An argument that must be given.</summary>
    public object? Required(int place, string name) =>
        place < places.Count ? places[place] : Names.TryGetValue(name, out object? value) ? value : throw new TemplateFault($"{function} needs its argument '{name}'");

    /// <summary>A text that must be given.</summary>
    public string Text(int place, string name) =>
        Required(place, name) as string ?? throw new TemplateFault($"{function}: '{name}' is a text, not {Value.TypeName(Required(place, name))}");

    /// <summary>A text, or null where it is not given or none.</summary>
    public string? OptionalText(int place, string name) => Get(place, name) is null ? null : Text(place, name);

    /// <summary>A whole number.</summary>
    public long Integer(int place, string name, long missing) =>
        Value.TryInteger(Get(place, name, missing), out long number) ? number : throw new TemplateFault($"{function}: '{name}' is a whole number, not {Value.TypeName(Get(place, name))}");

    /// <summary>Whether it is true.</summary>
    public bool Flag(int place, string name, bool missing = false) => Value.IsTrue(Get(place, name, missing));
}
