using Sinter.Text.Templates.Statements;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Members of values: keys, places, methods. Only what is listed here can be reached.</summary>
internal static class Members
{
    /// <summary><c>owner.name</c>: a method before a key.</summary>
    public static object? Named(object? owner, string name)
    {
        owner = Value.Defined(owner);
        // As in Jinja2's sandbox: what begins with an underscore is Python's own.
        if (name.StartsWith('_')) return new Undefined($"'{name}' is out of reach: names that begin with '_' belong to Python");
        if (Method(owner, name) is { } method) return method;
        return owner switch
        {
            TemplateDict dict when dict.TryFind(name, out object? value) => value,
            TemplateNamespace names when names.Names.TryGetValue(name, out object? value) => value,
            Loop loop => loop.Member(name),
            _ => Missing(owner, name),
        };
    }

    /// <summary><c>owner[key]</c>: a key or a place before a method.</summary>
    public static object? Item(object? owner, object? key) => (Value.Defined(owner), key) switch
    {
        (TemplateDict dict, _) when dict.TryFind(key, out object? value) => value,
        (List<object?> list, long or bool) when Value.TryInteger(key, out long place) => Place(list, place),
        (string text, long or bool) when Value.TryInteger(key, out long place) => Place(PythonText.Characters(text), place),
        (TemplateDict, string name) when !TemplateMethods.IsOfDict(name) => Missing(owner, name),
        (_, string name) => Named(owner, name),
        _ => Missing(owner, ValueText.Of(key)),
    };

    private static object? Place(List<object?> items, long place)
    {
        long at = place < 0 ? place + items.Count : place;
        return at >= 0 && at < items.Count ? items[(int)at] : new Undefined($"there is no item {place} among {items.Count}");
    }

    private static Callable? Method(object? owner, string name) => owner switch
    {
        string text => TextMethods.Find(text, name),
        TemplateDict dict => TemplateMethods.Of(dict, name),
        List<object?> list => TemplateMethods.Of(list, name),
        _ => null,
    };

    private static Undefined Missing(object? owner, string name) => new($"a {(owner is Loop ? "loop" : Value.TypeName(owner))} has no '{name}'");
}
